using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tokens;

/// <summary>What can be revoked of a token, of one that another one descends from among them.</summary>
public sealed record AncestorToken
{
    /// <summary>The most targets of a revocation by name that cover one token.</summary>
    internal const int TargetCountMax = 8;

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the token's text.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets <c>jti</c>; <see langword="null"/> or empty for none.</summary>
    public string? TokenId { get; init; }

    /// <summary>Gets <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets <c>owner_ref</c>; <see langword="null"/> or empty for none.</summary>
    public string? OwnerRef { get; init; }

    /// <summary>Gets <c>owner_did</c>; <see langword="null"/> or empty for none.</summary>
    public string? OwnerDid { get; init; }

    /// <summary>Gets the id of the key that signed it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the policy that it is pinned to; <see langword="null"/> or empty for none.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets <c>mission_id</c>; <see langword="null"/> or empty for none.</summary>
    public string? MissionId { get; init; }

    /// <summary>Gets <c>iat</c> in epoch seconds.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>Gives what can be revoked of a token with these claims, of this key and text.</summary>
    /// <param name="claims">Its claims.</param>
    /// <param name="keyId">The key that signed it.</param>
    /// <param name="tokenHash">The lower-case hexadecimal SHA-256 of its text.</param>
    public static AncestorToken Of(CstClaims claims, string keyId, string tokenHash) => new()
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

    /// <summary>Gives every target of a revocation by name that covers it.</summary>
    public IEnumerable<(RevocationKind Kind, string Value)> Targets()
    {
        for (var index = 0; index < TargetCountMax; index++)
        {
            var (kind, value) = TargetAt(index);
            if (!string.IsNullOrEmpty(value))
            {
                yield return (kind, value);
            }
        }
    }

    /// <summary>Writes the marks of those targets, and gives how many they are; some may be the same.</summary>
    /// <param name="marks">Has room for <see cref="TargetCountMax"/>.</param>
    internal int MarksInto(Span<UInt128> marks)
    {
        var count = 0;
        for (var index = 0; index < TargetCountMax; index++)
        {
            var (kind, value) = TargetAt(index);
            if (!string.IsNullOrEmpty(value))
            {
                marks[count++] = RevocationMark.Of(kind, value);
            }
        }

        return count;
    }

    private (RevocationKind Kind, string? Value) TargetAt(int index) => index switch
    {
        0 => (RevocationKind.TokenHash, TokenHash),
        1 => (RevocationKind.TokenId, TokenId),
        2 => (RevocationKind.Subject, Subject),
        3 => (RevocationKind.Owner, OwnerRef),
        4 => (RevocationKind.Owner, OwnerDid),
        5 => (RevocationKind.KeyId, KeyId),
        6 => (RevocationKind.PolicyHash, PolicyHash),
        _ => (RevocationKind.Mission, MissionId),
    };
}
