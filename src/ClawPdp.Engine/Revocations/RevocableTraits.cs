using System.Collections.Immutable;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Revocations;

/// <summary>
/// Everything by which a token can be revoked: its own, and that of every token it descends from, so that children die with their
/// parents. Worked out once for each token, as it is looked at with every question.
/// </summary>
public sealed class RevocableTraits
{
    private RevocableTraits(ImmutableArray<UInt128> marks, long oldestIssuedAt)
    {
        Marks = marks;
        OldestIssuedAt = oldestIssuedAt;
    }

    /// <summary>Gets the earliest <c>iat</c> among the token and those it descends from, in epoch seconds.</summary>
    public long OldestIssuedAt { get; }

    internal ImmutableArray<UInt128> Marks { get; }

    /// <summary>Gives the traits of a token.</summary>
    /// <param name="lineage">The token, and then those that it descends from.</param>
    public static RevocableTraits Of(ImmutableArray<AncestorToken> lineage) => new(
        [.. lineage.SelectMany(static token => token.Targets()).Select(static target => RevocationMark.Of(target.Kind, target.Value)).Distinct()],
        lineage.Min(static token => token.IssuedAt));
}
