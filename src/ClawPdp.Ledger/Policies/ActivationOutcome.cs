namespace ClawPdp.Ledger.Policies;

/// <summary>What became of an activation.</summary>
/// <param name="Record">What is on disk now; <see langword="null"/> when the number was not greater than <paramref name="LastNumber"/>.</param>
/// <param name="LastNumber">The number of the last activation before it; 0 when there was none.</param>
public sealed record ActivationOutcome(ActivationRecord? Record, long LastNumber);
