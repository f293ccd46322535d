using System.Collections.Immutable;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Server.Issuance;

/// <summary>A token that was issued and whose record is on disk.</summary>
internal sealed record IssuedToken
{
    /// <summary>Gets the token's text: a secret, never written anywhere.</summary>
    public required string Token { get; init; }

    public required string TokenHash { get; init; }

    public required CstClaims Claims { get; init; }

    /// <summary>Gets who alone may use it; <see langword="null"/> for whoever has it.</summary>
    public required TokenHolder? Holder { get; init; }

    public required GrantedScope Scope { get; init; }

    public required string KeyId { get; init; }

    public required string PolicyLabel { get; init; }

    public required ImmutableArray<string> MatchedGroups { get; init; }

    public required string MappingHash { get; init; }

    public required ReadOnlyMemory<byte> RecordJson { get; init; }

    /// <summary>Gets the signed delegation receipt; empty for a user's sign-in.</summary>
    public required ReadOnlyMemory<byte> DelegationJson { get; init; }

    public required string IssuanceId { get; init; }

    public required long Epoch { get; init; }
}
