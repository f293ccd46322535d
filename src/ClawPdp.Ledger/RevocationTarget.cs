namespace ClawPdp.Ledger;

/// <summary>What a revocation names, and until when.</summary>
/// <param name="Kind">What is named.</param>
/// <param name="Value">The name, compared exactly.</param>
/// <param name="ExpiresAt">From when no token can be covered any more, rounded up to a millisecond; <see langword="null"/> for never.</param>
public readonly record struct RevocationTarget(RevocationTargetKind Kind, string Value, DateTimeOffset? ExpiresAt);
