using System.Collections.Concurrent;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Revocations;

/// <summary>Everything revoked, as the engine sees it; the durable record is the ledger's. Safe for concurrent use.</summary>
public sealed class RevocationView
{
    private readonly ConcurrentDictionary<(RevocationKind Kind, string Value), byte> _revoked = new();
    private long _issuedBefore = long.MinValue;

    /// <summary>Adds a revocation; it holds for every question that is asked after the return.</summary>
    /// <param name="kind">What is named; for an instant see <see cref="RevokeIssuedBefore"/>.</param>
    /// <param name="value">The exact value.</param>
    public void Revoke(RevocationKind kind, string value)
    {
        if (kind is RevocationKind.Unspecified or RevocationKind.IssuedBefore)
        {
            throw new ArgumentOutOfRangeException(nameof(kind), "a kind with a text value is expected");
        }

        _revoked[(kind, value)] = 0;
    }

    /// <summary>Refuses every token issued before an instant, in epoch seconds; an earlier instant than one given before changes nothing.</summary>
    public void RevokeIssuedBefore(long epochSeconds)
    {
        for (var seen = Interlocked.Read(ref _issuedBefore); epochSeconds > seen;)
        {
            var replaced = Interlocked.CompareExchange(ref _issuedBefore, epochSeconds, seen);
            if (replaced == seen)
            {
                return;
            }

            seen = replaced;
        }
    }

    /// <summary>Gets a value indicating whether nothing is revoked by name.</summary>
    public bool IsEmpty => _revoked.IsEmpty;

    /// <summary>Tells whether a revocation names this very value.</summary>
    public bool Names(RevocationKind kind, string value) => Has(kind, value);

    /// <summary>Tells whether a token is covered by any revocation.</summary>
    public bool IsRevoked(VerifiedToken token) => IsRevoked(token.Claims, token.Key.Key.KeyId, token.TokenHash);

    /// <summary>Tells whether a token with these claims, of this key and text, is or would be covered by any revocation.</summary>
    public bool IsRevoked(CstClaims claims, string keyId, string tokenHash) =>
        claims.IssuedAt < Interlocked.Read(ref _issuedBefore)
            || (!_revoked.IsEmpty
                && (Has(RevocationKind.TokenHash, tokenHash)
                    || Has(RevocationKind.TokenId, claims.TokenId)
                    || Has(RevocationKind.Subject, claims.Subject)
                    || Has(RevocationKind.Owner, claims.OwnerRef)
                    || Has(RevocationKind.Owner, claims.OwnerDid)
                    || Has(RevocationKind.KeyId, keyId)
                    || Has(RevocationKind.PolicyHash, claims.PolicyHash)
                    || Has(RevocationKind.Mission, claims.MissionId)));

    private bool Has(RevocationKind kind, string? value) => value is not null && _revoked.ContainsKey((kind, value));
}
