using System.Collections.Immutable;
using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>An ID token (OpenID Connect Core 1.0): for one of the configured client ids.</summary>
internal sealed class IdTokenProfile : ITokenProfile
{
    public static readonly IdTokenProfile Only = new();

    private IdTokenProfile()
    {
    }

    // RFC 7519 section 5.1: absent, or JWT in any case. `at+jwt` (RFC 9068), `oauth-id-jag+jwt`, `logout+jwt` and the
    // like exist so that nobody takes such a token for an ID token.
    public bool IsType(JsonElement header) =>
        !header.TryGetProperty("typ", out _)
        || (StrictJson.TryGetString(header, "typ", out var type)
            && string.Equals(type, "JWT", StringComparison.OrdinalIgnoreCase));

    public ImmutableArray<string> AudiencesOf(IssuerSettings settings) => settings.ClientIds;

    public IdentityRefusal? CheckParties(JsonElement claims, IssuerSettings settings, out string clientId) =>
        AudienceCheck.Check(claims, settings.ClientIds, out clientId);

    public IdentityResult Finish(VerifiedIdentity identity, JsonElement claims) => identity;
}
