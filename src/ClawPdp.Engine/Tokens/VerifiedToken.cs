using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Tokens;

/// <summary>A token whose signature held, with its scope compiled. Time, audience, revocation and policy are checked at every use.</summary>
public sealed class VerifiedToken
{
    internal VerifiedToken(string tokenHash, CstClaims claims, VerificationKey key, GrantedScope scope, ImmutableArray<AncestorToken> ancestors)
    {
        TokenHash = tokenHash;
        Claims = claims;
        Key = key;
        Scope = scope;
        Lineage = [AncestorToken.Of(claims, key.Key.KeyId, tokenHash), .. ancestors];
        ScopeHashFault = FaultOf(claims);
        Traits = RevocableTraits.Of(Lineage);
    }

    /// <summary>Gets the lower-case hexadecimal SHA-256 of the token's text.</summary>
    public string TokenHash { get; }

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

    /// <summary>Gets what is wrong with the token's scope hash; <see langword="null"/> when it is that of the claims.</summary>
    public ReasonCode? ScopeHashFault { get; }

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
