using System.Collections.Immutable;

namespace ClawPdp.Authoring.Testing;

/// <summary>How far the cases reach a policy.</summary>
/// <param name="PolicyId">The policy's own id.</param>
/// <param name="PolicyHash">Its hash.</param>
/// <param name="Statements">Its statements in their order; none in a policy of version 1.</param>
public sealed record PolicyCoverage(string PolicyId, string PolicyHash, ImmutableArray<(string Sid, StatementReach Reach)> Statements)
{
    /// <summary>Gets how many statements matched in some case.</summary>
    public int MatchedCount => Statements.Count(static statement => statement.Reach == StatementReach.Matched);
}
