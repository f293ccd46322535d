using System.Collections.Immutable;

namespace ClawPdp.Identity;

/// <summary>What a valid ID token, or an identity assertion, says of the user. Holds personal data: do not log it.</summary>
public sealed class VerifiedIdentity : IdentityResult
{
    internal VerifiedIdentity()
    {
    }

    /// <summary>Gets the issuer, exactly as configured and as in <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Gets the user's id at the issuer (<c>sub</c>): 1 to 255 characters, not blank.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// Gets the first entry of <c>aud</c> that is a configured client id; of an assertion, the client that may show it.
    /// </summary>
    public required string ClientId { get; init; }

    /// <summary>Gets the groups in the token's order without repeats; empty when the user is in no group.</summary>
    public required ImmutableArray<string> Groups { get; init; }

    /// <summary>Gets <c>iat</c>, a fraction of a second dropped.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Gets <c>exp</c>, a fraction of a second dropped.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets the SHA-256 of the token's text in base64url: 43 characters.</summary>
    public required string TokenHashB64u { get; init; }

    /// <summary>Gets the <c>kid</c> of the issuer's key that made the signature.</summary>
    public required string KeyId { get; init; }
}
