using System.Collections.Immutable;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Authoring.Testing;

/// <summary>What came of a case with a policy.</summary>
/// <param name="Case">The case.</param>
/// <param name="Target">The policy.</param>
/// <param name="Decision">The engine's answer.</param>
/// <param name="Explanation">Why the answer is not the expected one, a line each; empty when it is.</param>
public sealed record PolicyTestResult(PolicyTestCase Case, PolicyTestTarget Target, Decision Decision, ImmutableArray<string> Explanation)
{
    /// <summary>Gets a value indicating whether the answer is the expected one.</summary>
    public bool HasPassed => Case.Expectation.IsMetBy(Decision.Effect, Decision.Reason, Decision.StatementIds);
}
