using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Issuance;

/// <summary>Thrown inside the ledger's transaction when a token may not be issued any more; nothing is recorded then.</summary>
internal sealed class IssuanceRefusedException : Exception
{
    public IssuanceRefusedException(ReasonCode reason, string message)
        : base(message) => Reason = reason;

    public IssuanceRefusedException()
    {
    }

    public IssuanceRefusedException(string message)
        : base(message)
    {
    }

    public IssuanceRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets why.</summary>
    public ReasonCode Reason { get; } = ReasonCode.InternalError;
}
