namespace ClawPdp.Ledger;

/// <summary>A signed issuance record as it is kept; the token itself never is. Compared by reference.</summary>
public sealed class IssuanceRecord
{
    /// <summary>Gets the record's id, unique in the ledger: 1 to 256 characters.</summary>
    public required string IssuanceId { get; init; }

    /// <summary>Gets the SHA-256 of the token's text, lower-case hexadecimal; unique in the ledger.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets the token's <c>jti</c>; empty when it has none.</summary>
    public required string TokenId { get; init; }

    /// <summary>Gets the agent, the token's <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets the hash that stands for the user and groups, the token's <c>owner_ref</c>; empty when it has none.</summary>
    public required string OwnerRef { get; init; }

    /// <summary>Gets the id of the key that signed the token.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the policy that the token is pinned to, base64url; <see langword="null"/> for none.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets the mission; <see langword="null"/> for none.</summary>
    public string? MissionId { get; init; }

    /// <summary>Gets the token scope hash, base64url.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets when the token was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Gets when the token expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets the SHA-256 of the text of the token that delegated, lower-case hexadecimal; <see langword="null"/> for a user's sign-in.</summary>
    public string? ParentTokenHash { get; init; }

    /// <summary>Gets the signed delegation receipt, kept byte for byte: UTF-8, up to 1 MiB; empty for a user's sign-in.</summary>
    public ReadOnlyMemory<byte> DelegationJson { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }

    /// <summary>Gets the signed envelope, kept byte for byte: UTF-8, 1 byte to 1 MiB.</summary>
    public required ReadOnlyMemory<byte> EnvelopeJson { get; init; }
}
