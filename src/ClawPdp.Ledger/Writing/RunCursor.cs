using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>What the writer has to know of a run to add to it, as it stood at one moment.</summary>
/// <param name="AgentDid">The run's agent.</param>
/// <param name="IsFinished">Whether nothing more is added.</param>
/// <param name="LastEvent">The last event; <see langword="null"/> while there is none.</param>
internal sealed record RunCursor(string AgentDid, bool IsFinished, EventRecord? LastEvent)
{
    /// <summary>Gets the segment that <see cref="LastSpan"/> is of; 0 while it is not known of any.</summary>
    public int SpanSegment { get; init; }

    /// <summary>Gets the span of the segment's last model call; <see langword="null"/> when it has none.</summary>
    public StoredSpan? LastSpan { get; init; }
}
