namespace ClawPdp.Engine.Tokens;

/// <summary>What can be revoked of a token that another one descends from.</summary>
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
}
