using System.Collections.Immutable;
using System.Text.Json;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// An identity assertion (ID-JAG, draft-ietf-oauth-identity-assertion-authz-grant): for one authorization server and in the hand of one of its clients.
/// </summary>
internal sealed class AssertionProfile : ITokenProfile
{
    private const string Type = "oauth-id-jag+jwt";
    private const string ClientIdClaim = "client_id";
    private const string ResourceClaim = "resource";
    private const string ScopeClaim = "scope";
    private const string TokenIdClaim = "jti";
    private const int TokenIdLengthMax = 255;
    private const int ResourceCountMax = 16;
    private const int ResourceLengthMax = 512;

    // What they say limits the grant in a way that is not kept here: without them it would be a wider one than the issuer made.
    private static readonly ImmutableArray<string> Unkept = ["cnf", "authorization_details"];

    private readonly AssertionExpectation _expected;

    public AssertionProfile(AssertionExpectation expected) => _expected = expected;

    public bool IsType(JsonElement header) =>
        StrictJson.TryGetString(header, "typ", out var type) && string.Equals(type, Type, StringComparison.OrdinalIgnoreCase);

    public ImmutableArray<string> AudiencesOf(IssuerSettings settings) => [_expected.Audience];

    public IdentityRefusal? CheckParties(JsonElement claims, IssuerSettings settings, out string clientId)
    {
        clientId = "";
        if (!claims.TryGetProperty(ClaimNames.Audience, out var audience) || !IsOnly(audience, _expected.Audience))
        {
            return new IdentityRefusal(IdentityFailure.IdTokenBadAudience, "the audience is not this server's issuer alone");
        }

        if (!StrictJson.TryGetString(claims, ClientIdClaim, out var client))
        {
            return Invalid("the client is missing or not a string");
        }

        if (!string.Equals(client, _expected.ClientId, StringComparison.Ordinal))
        {
            return new IdentityRefusal(IdentityFailure.IdJagClientMismatch, "the assertion is another client's");
        }

        clientId = client;
        return null;
    }

    public IdentityResult Finish(VerifiedIdentity identity, JsonElement claims)
    {
        if (Unkept.FirstOrDefault(name => claims.TryGetProperty(name, out _)) is { } unkept)
        {
            return Invalid($"`{unkept}` is not kept here");
        }

        if (!StrictJson.TryGetString(claims, TokenIdClaim, out var id) || id.Length > TokenIdLengthMax || string.IsNullOrWhiteSpace(id) || id.Any(char.IsControl))
        {
            return Invalid("the id of the assertion is not a non-blank string of at most 255 characters");
        }

        if (!TryReadResources(claims, out var resources))
        {
            return Invalid("the resource is not one to 16 absolute URIs without a fragment");
        }

        var hasScope = StrictJson.TryGetString(claims, ScopeClaim, out var scope);
        return !hasScope && claims.TryGetProperty(ScopeClaim, out _)
            ? Invalid("the scope is not a string")
            : new VerifiedAssertion { Identity = identity, AssertionId = id, Resources = resources, Scope = hasScope ? scope : null };
    }

    private static bool IsOnly(JsonElement audience, string expected) => audience.ValueKind switch
    {
        JsonValueKind.String => string.Equals(audience.GetString(), expected, StringComparison.Ordinal),
        JsonValueKind.Array => audience.GetArrayLength() == 1 && audience[0].ValueKind == JsonValueKind.String && IsOnly(audience[0], expected),
        _ => false,
    };

    private static bool TryReadResources(JsonElement claims, out ImmutableArray<string> resources)
    {
        resources = [];
        if (!claims.TryGetProperty(ResourceClaim, out var member))
        {
            return true;
        }

        var items = member.ValueKind == JsonValueKind.Array ? member.EnumerateArray().Take(ResourceCountMax + 1).ToArray() : [member];
        if (items.Length is 0 or > ResourceCountMax || !items.All(IsResource))
        {
            return false;
        }

        resources = [.. items.Select(static item => item.GetString() ?? "")];
        return true;
    }

    // RFC 8707 section 2.
    private static bool IsResource(JsonElement item) =>
        item.ValueKind == JsonValueKind.String
        && item.GetString() is { Length: > 0 and <= ResourceLengthMax } text
        && Uri.TryCreate(text, UriKind.Absolute, out _)
        && !text.Contains('#', StringComparison.Ordinal);

    private static IdentityRefusal Invalid(string message) => new(IdentityFailure.IdTokenInvalidClaims, message);
}
