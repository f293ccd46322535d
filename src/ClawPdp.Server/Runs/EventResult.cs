using ClawPdp.Core.Decisions;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Server.Runs;

/// <summary>Either an event that is on disk or the reason for none.</summary>
internal sealed record EventResult
{
    /// <summary>Gets the event; <see langword="null"/> when it was refused.</summary>
    public EventRecord? Event { get; init; }

    /// <summary>Gets the event's place among all records.</summary>
    public long Sequence { get; init; }

    /// <summary>Gets a value indicating whether it was appended by an earlier request.</summary>
    public bool IsReplayed { get; init; }

    public (ReasonCode Reason, string Message, string Field) Refusal { get; init; }
}
