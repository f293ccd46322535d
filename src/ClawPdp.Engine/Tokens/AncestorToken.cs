using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tokens;

/// <summary>What can be revoked of a token, of one that another one descends from among them.</summary>
public sealed record AncestorToken
{
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
        foreach (var (kind, value) in new (RevocationKind, string?)[]
        {
            (RevocationKind.TokenHash, TokenHash),
            (RevocationKind.TokenId, TokenId),
            (RevocationKind.Subject, Subject),
            (RevocationKind.Owner, OwnerRef),
            (RevocationKind.Owner, OwnerDid),
            (RevocationKind.KeyId, KeyId),
            (RevocationKind.PolicyHash, PolicyHash),
            (RevocationKind.Mission, MissionId),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                yield return (kind, value);
            }
        }
    }
}
