namespace ClawPdp.Ledger.Runs;

/// <summary>What became of a seal that was to be made.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Record">The seal with its members; <see langword="null"/> when it was refused.</param>
/// <param name="Sequence">The seal's sequence; 0 when it was refused.</param>
public sealed record SealOutcome(AppendStatus Status, SealRecord? Record, long Sequence);
