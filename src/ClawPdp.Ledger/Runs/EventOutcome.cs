namespace ClawPdp.Ledger.Runs;

/// <summary>What became of an event that was to be appended.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Record">The event that is on disk: the new one or the earlier one; <see langword="null"/> when it was refused.</param>
/// <param name="Sequence">The sequence of <paramref name="Record"/>; 0 when it was refused.</param>
public sealed record EventOutcome(AppendStatus Status, EventRecord? Record, long Sequence);
