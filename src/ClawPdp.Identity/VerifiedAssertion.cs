using System.Collections.Immutable;

namespace ClawPdp.Identity;

/// <summary>
/// What a valid identity assertion says. That it is used for the first time is for the caller to see to. Holds personal data: do not log it.
/// </summary>
public sealed class VerifiedAssertion : IdentityResult
{
    internal VerifiedAssertion()
    {
    }

    /// <summary>Gets the user.</summary>
    public required VerifiedIdentity Identity { get; init; }

    /// <summary>Gets its <c>jti</c>, which the issuer gives once: 1 to 255 characters, not blank.</summary>
    public required string AssertionId { get; init; }

    /// <summary>Gets the resources that it is for (RFC 8707), at most 16; empty where it does not say.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary>Gets what it is for at most (RFC 6749 section 3.3); <see langword="null"/> where it does not say.</summary>
    public required string? Scope { get; init; }
}
