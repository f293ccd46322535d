namespace ClawPdp.Ledger;

/// <summary>The ledger could not do what it was asked to; nothing may be taken as recorded.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="LedgerException"/> class, for an unavailable ledger.</summary>
    public LedgerException()
        : this("the ledger is unavailable")
    {
    }

    /// <summary>Initializes a new instance of the <see cref="LedgerException"/> class, for an unavailable ledger.</summary>
    public LedgerException(string message)
        : this(LedgerFault.Unavailable, message)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="LedgerException"/> class, for an unavailable ledger.</summary>
    public LedgerException(string message, Exception? innerException)
        : this(LedgerFault.Unavailable, message, innerException)
    {
    }

    /// <summary>Initializes a new instance of the <see cref="LedgerException"/> class.</summary>
    /// <param name="fault">Why; the stable code of the failure.</param>
    /// <param name="message">What happened, for the operator: paths and error numbers, never the content of a record.</param>
    /// <param name="innerException">What the machine said.</param>
    public LedgerException(LedgerFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>Gets why; stable, where the message is not.</summary>
    public LedgerFault Fault { get; }
}
