using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Engine.Tokens;

/// <summary>Row 2 of the decision table: form, algorithm, key, signature, then claims.</summary>
public static class TokenVerifier
{
    // Longer texts are as rare as long lists of scopes; they cost an allocation where they come as text.
    private const int BufferSize = 2048;

    /// <summary>Verifies a token, or finds that it was verified before with the same keys.</summary>
    /// <param name="token">The whole text.</param>
    /// <param name="keys">The keys accepted now.</param>
    /// <param name="lineages">Who knows which tokens a delegated one descends from.</param>
    /// <param name="now">The instant of the question.</param>
    public static TokenVerification Verify(PresentedToken token, KeySet keys, ILineageSource lineages, DateTimeOffset now)
    {
        if (token.IsEmpty)
        {
            return Refuse(ReasonCode.TokenRequired, "no token was given");
        }

        if (token.Length > CstLimits.TokenLengthMax)
        {
            return Refuse(ReasonCode.TokenMalformed, "the token is too long");
        }

        var text = token.AsBytes(stackalloc byte[BufferSize]);
        if (token.Memo?.Find(text, keys) is { } last)
        {
            return Accept(last.Token, now, TokenLookup.Connection);
        }

        if (keys.Verified.Find(text) is { } known)
        {
            token.Memo?.Keep(known);
            return Accept(known.Token, now, TokenLookup.Cache);
        }

        var verification = VerifyAfresh(token.AsText(), keys, lineages, now);
        if (verification.Token is { } verified)
        {
            var entry = new KnownToken(text.ToArray(), verified, keys.Id);
            keys.Verified.Add(entry);
            token.Memo?.Keep(entry);
        }

        return verification;
    }

    private static TokenVerification Accept(VerifiedToken token, DateTimeOffset now, TokenLookup lookup) => IsExpired(token.Key, now)
        ? Refuse(ReasonCode.TokenKidExpired, "the key that signed the token is no longer accepted")
        : new TokenVerification(token, ReasonCode.Allowed, "") { Lookup = lookup };

    private static TokenVerification VerifyAfresh(string token, KeySet keys, ILineageSource lineages, DateTimeOffset now)
    {
        var envelope = CstEnvelope.Parse(token, out var failure);
        if (envelope is null)
        {
            return Refuse(ReasonOf(failure), "the token is not a canonical EdDSA JWT");
        }

        if (envelope.KeyId is null || keys.Find(envelope.KeyId) is not { } key)
        {
            return Refuse(ReasonCode.TokenUnknownKid, "the token's key is not known here");
        }

        if (IsExpired(key, now))
        {
            return Refuse(ReasonCode.TokenKidExpired, "the key that signed the token is no longer accepted");
        }

        if (!key.Key.Verify(envelope.SigningInput.Span, envelope.Signature.Span))
        {
            return Refuse(ReasonCode.TokenSignatureInvalid, "the token's signature does not verify");
        }

        var claims = envelope.ReadClaims(out failure, out var field);
        if (claims is null)
        {
            return Refuse(ReasonOf(failure), $"the token's claim `{field}` is not acceptable");
        }

        return Complete(envelope, claims, key, lineages);
    }

    private static TokenVerification Complete(CstEnvelope envelope, CstClaims claims, VerificationKey key, ILineageSource lineages)
    {
        // The issuer decides on wildcards; a token that carries one was meant to.
        if (!GrantedScope.Compile(claims.Scope, allowWildcards: true).TryGet(out var scope))
        {
            return Refuse(ReasonCode.TokenInvalidClaims, "the token's claim `scope` holds an item that is not understood");
        }

        // A child whose parents are not known could outlive their revocation.
        return (claims.IsDelegated ? lineages.Find(envelope.TokenHash) : ImmutableArray<AncestorToken>.Empty) is { } ancestors
            ? new TokenVerification(new VerifiedToken(envelope.TokenHash, claims, key, scope, ancestors, envelope.Holder), ReasonCode.Allowed, "") { Lookup = TokenLookup.Verified }
            : Refuse(ReasonCode.TokenDelegationBindingInvalid, "the token is a delegated one, and its parents are not known here");
    }

    private static bool IsExpired(VerificationKey key, DateTimeOffset now) => key.NotAfter is { } end && now > end;

    private static TokenVerification Refuse(ReasonCode reason, string message) => new(null, reason, message);

    private static ReasonCode ReasonOf(CstFailure failure) => failure switch
    {
        CstFailure.Required => ReasonCode.TokenRequired,
        CstFailure.UnsupportedAlg => ReasonCode.TokenUnsupportedAlg,
        CstFailure.UnknownVersion => ReasonCode.TokenUnknownVersion,
        CstFailure.DelegationUnbound => ReasonCode.TokenDelegationBindingInvalid,
        CstFailure.InvalidClaims => ReasonCode.TokenInvalidClaims,
        _ => ReasonCode.TokenMalformed,
    };
}
