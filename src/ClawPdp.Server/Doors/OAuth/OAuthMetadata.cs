using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;
using ClawPdp.Server.Http;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Says where the endpoints are and what they take (RFC 8414).</summary>
internal sealed class OAuthMetadata
{
    private static readonly string[] SecretMethods = ["client_secret_basic", "client_secret_post"];

    // An assertion is for a client that proves who it is.
    private static readonly string[] GrantTypes = [OAuthNames.TokenExchange, OAuthNames.JwtBearer];

    private readonly JsonValue? _document;

    public OAuthMetadata(OAuthSettings settings) => _document = settings.PublicUrl is { } url ? Write(url, !settings.Clients.IsEmpty) : null;

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context) => _document is null
        ? HttpJson.RefuseAsync(context, StatusCodes.Status404NotFound, "NOT_CONFIGURED", "no public URL is configured: set /doors/oauth/public_url")
        : HttpJson.WriteAsync(context, _document);

    private static JsonValue Write(string url, bool hasClients) => new JsonObjectBuilder()
        .Add("issuer", url)
        .Add("token_endpoint", url + OAuthPaths.Token)
        .Add("token_endpoint_auth_methods_supported", JsonValue.ArrayOf(hasClients ? SecretMethods : ["none"]))
        .Add("grant_types_supported", JsonValue.ArrayOf(hasClients ? GrantTypes : [OAuthNames.TokenExchange]))
        .AddIfPresent("authorization_grant_profiles_supported", hasClients ? JsonValue.ArrayOf([OAuthNames.IdJagProfile]) : null)
        .Add("dpop_signing_alg_values_supported", JsonValue.ArrayOf([HolderKey.EdDsa, HolderKey.Ed25519, HolderKey.Es256]))
        .Add("response_types_supported", JsonValue.ArrayOf(Array.Empty<string>()))
        .Add("introspection_endpoint", url + OAuthPaths.Introspect)
        .Add("introspection_endpoint_auth_methods_supported", JsonValue.ArrayOf([.. SecretMethods, "Bearer"]))
        .Add("revocation_endpoint", url + OAuthPaths.Revoke)
        .Add("revocation_endpoint_auth_methods_supported", JsonValue.ArrayOf(SecretMethods))
        .Add("jwks_uri", url + OAuthPaths.Jwks)
        .Build();
}
