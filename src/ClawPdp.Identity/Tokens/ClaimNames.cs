using System.Collections.Frozen;

namespace ClawPdp.Identity.Tokens;

/// <summary>The claims of an ID token that the checks read.</summary>
internal static class ClaimNames
{
    public const string Issuer = "iss";
    public const string Subject = "sub";
    public const string Audience = "aud";
    public const string AuthorizedParty = "azp";
    public const string ExpiresAt = "exp";
    public const string NotBefore = "nbf";
    public const string IssuedAt = "iat";

    /// <summary>
    /// Makes a token a logout token or another security event (RFC 8417 section 2.2), not an ID token.
    /// </summary>
    public const string Events = "events";

    /// <summary>Lists claims that the issuer put elsewhere (OpenID Connect Core 1.0 section 5.6.2).</summary>
    public const string ElsewhereNames = "_claim_names";

    /// <summary>Stands in for the groups claim when it would be too long.</summary>
    public const string HasGroups = "hasgroups";

    private static readonly FrozenSet<string> Registered = FrozenSet.Create(
        StringComparer.Ordinal,
        [
            Issuer, Subject, Audience, AuthorizedParty, ExpiresAt, NotBefore, IssuedAt,
            Events, ElsewhereNames, "_claim_sources", HasGroups, "jti", "nonce",
        ]);

    public static bool IsRegistered(string name) => Registered.Contains(name);
}
