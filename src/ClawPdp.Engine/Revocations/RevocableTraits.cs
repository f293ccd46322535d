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
    /// <exception cref="ArgumentOutOfRangeException">There is no token.</exception>
    public static RevocableTraits Of(ImmutableArray<AncestorToken> lineage)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lineage.Length, nameof(lineage));
        Span<UInt128> marks = stackalloc UInt128[AncestorToken.TargetCountMax];
        var all = ImmutableArray.CreateBuilder<UInt128>(AncestorToken.TargetCountMax * lineage.Length);
        var oldest = long.MaxValue;
        foreach (var token in lineage)
        {
            foreach (var mark in marks[..token.MarksInto(marks)])
            {
                if (!all.Contains(mark))
                {
                    all.Add(mark);
                }
            }

            oldest = Math.Min(oldest, token.IssuedAt);
        }

        return new RevocableTraits(all.DrainToImmutable(), oldest);
    }
}
