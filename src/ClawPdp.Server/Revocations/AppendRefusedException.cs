using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Revocations;

/// <summary>Ends an append that may no longer be made when its turn comes; nothing is recorded then.</summary>
internal sealed class AppendRefusedException : Exception
{
    public AppendRefusedException(ReasonCode reason, string message)
        : base(message) => Reason = reason;

    public AppendRefusedException()
    {
    }

    public AppendRefusedException(string message)
        : base(message)
    {
    }

    public AppendRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets why.</summary>
    public ReasonCode Reason { get; } = ReasonCode.InternalError;
}
