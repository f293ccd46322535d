namespace ClawPdp.Core.Policies;

/// <summary>What came of a condition.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Actual">The value that it saw; <see langword="null"/> when the key has none.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record ConditionTrace(PolicyCondition Condition, string? Actual, ConditionOutcome Outcome);
