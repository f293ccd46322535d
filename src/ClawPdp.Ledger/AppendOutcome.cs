namespace ClawPdp.Ledger;

/// <summary>What became of a receipt that was to be appended.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Record">The receipt that is on disk: the given one, or the earlier one; <see langword="null"/> when it was refused.</param>
/// <param name="Sequence">The sequence of <paramref name="Record"/>; 0 when it was refused.</param>
public sealed record AppendOutcome(AppendStatus Status, ReceiptRecord? Record, long Sequence);
