namespace ClawPdp.Core.Policies;

/// <summary>What came of a list of a policy of version 1.</summary>
/// <param name="Member">The member of the policy.</param>
/// <param name="Actual">What was looked for; <see langword="null"/> when nothing was stated.</param>
/// <param name="MatchedEntry">The first entry that matched; <see langword="null"/> when none did or there are none.</param>
/// <param name="Passed">Whether it lets the action pass.</param>
public sealed record RuleTrace(string Member, string? Actual, string? MatchedEntry, bool Passed);
