namespace ClawPdp.Server.Policies.Shadows;

/// <summary>How often answers differed in one way.</summary>
/// <param name="Pair">The way.</param>
/// <param name="Count">How often.</param>
/// <param name="SampleDecisionId">The last decision whose record holds the difference; empty for none.</param>
internal sealed record ShadowCount(ShadowPair Pair, long Count, string SampleDecisionId);
