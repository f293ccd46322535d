using System.Collections.Immutable;
using ClawPdp.Core.Tokens;
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
    /// <param name="claims">Its claims.</param>
    /// <param name="keyId">The key that signed it.</param>
    /// <param name="tokenHash">The lower-case hexadecimal SHA-256 of its text.</param>
    /// <param name="ancestors">The tokens that it descends from; none for a user's sign-in.</param>
    public static RevocableTraits Of(CstClaims claims, string keyId, string tokenHash, ImmutableArray<AncestorToken> ancestors)
    {
        var own = new AncestorToken
        {
            TokenHash = tokenHash,
            TokenId = claims.TokenId,
            Subject = claims.Subject,
            OwnerRef = claims.OwnerRef,
            OwnerDid = claims.OwnerDid,
            KeyId = keyId,
            PolicyHash = claims.PolicyHash,
            MissionId = claims.MissionId,
            IssuedAt = claims.IssuedAt,
        };
        return Of([own, .. ancestors]);
    }

    /// <summary>Gives the traits of a token that is known by its records alone.</summary>
    /// <param name="lineage">The token, and then those that it descends from.</param>
    public static RevocableTraits Of(ImmutableArray<AncestorToken> lineage)
    {
        var marks = new List<UInt128>();
        var oldest = long.MaxValue;
        foreach (var token in lineage)
        {
            Add(marks, token);
            oldest = Math.Min(oldest, token.IssuedAt);
        }

        return new RevocableTraits([.. marks.Distinct()], oldest);
    }

    private static void Add(List<UInt128> marks, AncestorToken token)
    {
        foreach (var (kind, value) in (ReadOnlySpan<(RevocationKind, string?)>)
        [
            (RevocationKind.TokenHash, token.TokenHash),
            (RevocationKind.TokenId, token.TokenId),
            (RevocationKind.Subject, token.Subject),
            (RevocationKind.Owner, token.OwnerRef),
            (RevocationKind.Owner, token.OwnerDid),
            (RevocationKind.KeyId, token.KeyId),
            (RevocationKind.PolicyHash, token.PolicyHash),
            (RevocationKind.Mission, token.MissionId),
        ])
        {
            if (!string.IsNullOrEmpty(value))
            {
                marks.Add(RevocationMark.Of(kind, value));
            }
        }
    }
}
