using System.Collections.Immutable;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Issuance;

/// <summary>A token that may be signed.</summary>
internal sealed record TokenDraft
{
    /// <summary>Gets the claims, the scope hash included.</summary>
    public required CstClaims Claims { get; init; }

    /// <summary>Gets who alone may use it; <see langword="null"/> for whoever has it.</summary>
    public required TokenHolder? Holder { get; init; }

    /// <summary>Gets what is granted.</summary>
    public required Grant Grant { get; init; }

    /// <summary>Gets the hash of the mapping that was used.</summary>
    public required string MappingHash { get; init; }

    /// <summary>Gets the members of the issuance record that say where the grant comes from.</summary>
    public required JsonMember Origin { get; init; }

    /// <summary>Gets the id of the issuance, where what it rests on is good for one alone; <see langword="null"/> for a new one.</summary>
    public string? IssuanceId { get; init; }

    /// <summary>Gets the operator's label for the policy; empty for none.</summary>
    public string PolicyLabel { get; init; } = "";

    /// <summary>Gets the trace that its issuance is a part of.</summary>
    public CallTrace Trace { get; init; }

    /// <summary>Gets the tokens that it descends from, the parent first; none for a user's sign-in.</summary>
    public ImmutableArray<AncestorToken> Ancestors { get; init; } = [];

    /// <summary>Gets the payload of the delegation receipt, given the hash of the issuance record's payload; <see langword="null"/> for a user's sign-in.</summary>
    public Func<string, JsonValue>? Delegation { get; init; }

    /// <summary>Gets the hash of the text of the token that delegates; <see langword="null"/> for a user's sign-in.</summary>
    public string? ParentTokenHash => Ancestors.IsEmpty ? null : Ancestors[0].TokenHash;
}
