using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tokens;

/// <summary>A token whose signature held, with its scope compiled. Time, audience, revocation and policy are checked at every use.</summary>
public sealed class VerifiedToken
{
    internal VerifiedToken(string tokenHash, CstClaims claims, VerificationKey key, GrantedScope scope, ImmutableArray<AncestorToken> ancestors, TokenHolder? holder)
    {
        Holder = holder;
        TokenHash = tokenHash;
        Claims = claims;
        Key = key;
        Scope = scope;
        Lineage = [AncestorToken.Of(claims, key.Key.KeyId, tokenHash), .. ancestors];
        Audiences = [.. claims.Audience.Select(EcmaScriptText.Trim)];
        ValidUntil = EndOf(claims, key);
        ScopeHashFault = FaultOf(claims);
        Traits = RevocableTraits.Of(Lineage);
    }

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the token's text.</summary>
    public string TokenHash { get; }

    /// <summary>Gets who alone may use it; <see langword="null"/> for whoever has it.</summary>
    public TokenHolder? Holder { get; }

    /// <summary>Gets the claims.</summary>
    public CstClaims Claims { get; }

    /// <summary>Gets what the token grants.</summary>
    public GrantedScope Scope { get; }

    /// <summary>Gets the key that signed it.</summary>
    public VerificationKey Key { get; }

    /// <summary>Gets the token itself, and then those that it descends from, the parent first; itself alone for a user's sign-in.</summary>
    public ImmutableArray<AncestorToken> Lineage { get; }

    /// <summary>Gets everything by which it can be revoked.</summary>
    public RevocableTraits Traits { get; }

    /// <summary>Gets the audiences, trimmed as ECMAScript trims.</summary>
    public ImmutableArray<string> Audiences { get; }

    /// <summary>Gets when the token, its delegation or its key ends, whichever is first.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>Gets what is wrong with the token's scope hash; <see langword="null"/> when it is that of the claims.</summary>
    public ReasonCode? ScopeHashFault { get; }

    private static DateTimeOffset EndOf(CstClaims claims, VerificationKey key)
    {
        var seconds = claims.DelegationExpiresAt is { } delegation && delegation < claims.ExpiresAt ? (long)delegation : claims.ExpiresAt;
        var end = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return key.NotAfter is { } keyEnd && keyEnd < end ? keyEnd : end;
    }

    private static ReasonCode? FaultOf(CstClaims claims)
    {
        if (claims.TokenScopeHash is null)
        {
            return ReasonCode.TokenScopeHashRequired;
        }

        return string.Equals(claims.TokenScopeHash, TokenScopeHash.Compute(claims), StringComparison.Ordinal)
            ? null
            : ReasonCode.TokenScopeHashMismatch;
    }
}
