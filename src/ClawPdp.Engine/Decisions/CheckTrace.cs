using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Decisions;

/// <summary>What came of a check of the decision table.</summary>
/// <param name="Check">The check's name.</param>
/// <param name="Reason">Why it failed; <see cref="ReasonCode.Allowed"/> when it held; <see langword="null"/> when there was nothing to check.</param>
/// <param name="Detail">What it saw, in words; never a secret.</param>
public sealed record CheckTrace(string Check, ReasonCode? Reason, string Detail);
