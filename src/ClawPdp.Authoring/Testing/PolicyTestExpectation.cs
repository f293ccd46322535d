using System.Collections.Immutable;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Authoring.Testing;

/// <summary>What a case expects of the answer.</summary>
/// <param name="Effect">Allow or deny.</param>
/// <param name="Reason">The reason code; <see langword="null"/> for any.</param>
/// <param name="StatementIds">The ids of exactly the statements that decide, in the order of the answer; <see langword="null"/> for any.</param>
public sealed record PolicyTestExpectation(Effect Effect, ReasonCode? Reason, ImmutableArray<string>? StatementIds)
{
    /// <summary>Tells whether an answer is the expected one.</summary>
    public bool IsMetBy(Effect effect, ReasonCode reason, ImmutableArray<string> statementIds) =>
        effect == Effect
        && (Reason is null || Reason == reason)
        && (StatementIds is not { } expected || expected.AsSpan().SequenceEqual(statementIds.AsSpan()));
}
