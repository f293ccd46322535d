using ClawPdp.Core.Decisions;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Runs;

/// <summary>Either a run or the reason for none.</summary>
internal sealed record RunResult
{
    /// <summary>Gets the run as it stands; <see langword="null"/> when it was refused.</summary>
    public RunSummary? Run { get; init; }

    /// <summary>Gets a value indicating whether it was so before.</summary>
    public bool IsReplayed { get; init; }

    public (ReasonCode Reason, string Message, string Field) Refusal { get; init; }
}
