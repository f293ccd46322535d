using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Receipts;

/// <summary>Ends the append of a receipt that may no longer be signed when its turn comes.</summary>
internal sealed class ReceiptRefusedException : Exception
{
    public ReceiptRefusedException(ReasonCode reason, string message)
        : base(message) => Reason = reason;

    public ReceiptRefusedException()
    {
    }

    public ReceiptRefusedException(string message)
        : base(message)
    {
    }

    public ReceiptRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets why.</summary>
    public ReasonCode Reason { get; } = ReasonCode.InternalError;
}
