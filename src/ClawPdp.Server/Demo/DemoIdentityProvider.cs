using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClawPdp.Server.Demo;

/// <summary>
/// A throw-away OpenID provider on loopback: real RS256 ID tokens, discovery and key set, with an Okta-like <c>groups</c> claim.
/// It signs anybody in who names a user, so it exists in the demo alone.
/// </summary>
internal sealed class DemoIdentityProvider : IAsyncDisposable
{
    /// <summary>The client that the demo's agent host signs users in with.</summary>
    public const string ClientId = "clawpdp-demo";

    private const string KeyIdText = "demo-1";
    private const int KeySizeBits = 2048;
    private const int IdTokenLifetimeSeconds = 3600;

    private readonly WebApplication _app;
    private readonly RSA _rsa;
    private readonly TimeProvider _time;

    private DemoIdentityProvider(WebApplication app, RSA rsa, TimeProvider time)
    {
        _app = app;
        _rsa = rsa;
        _time = time;
    }

    /// <summary>Gets the issuer URL, once started.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>Starts the provider on a free loopback port.</summary>
    public static async Task<DemoIdentityProvider> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var provider = new DemoIdentityProvider(builder.Build(), RSA.Create(KeySizeBits), time);
        provider.Map();
        await provider._app.StartAsync();
        provider.Issuer = provider._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "";
        return provider;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private static Task WriteAsync(HttpContext context, JsonValue body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.WriteAsync(JsonWriter.WriteCanonical(body), context.RequestAborted).AsTask();
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", context => WriteAsync(context, new JsonObjectBuilder()
            .Add("issuer", Issuer)
            .Add("authorization_endpoint", Issuer + "/authorize")
            .Add("token_endpoint", Issuer + "/token")
            .Add("jwks_uri", Issuer + "/keys")
            .Add("response_types_supported", JsonValue.ArrayOf(["id_token"]))
            .Add("subject_types_supported", JsonValue.ArrayOf(["public"]))
            .Add("id_token_signing_alg_values_supported", JsonValue.ArrayOf(["RS256"]))
            .Build()));
        _app.MapGet("/keys", context => WriteAsync(context, KeySet()));
        _app.MapPost("/token", SignInAsync);
    }

    private JsonValue KeySet()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return new JsonObjectBuilder()
            .Add("keys", JsonValue.ArrayOf([new JsonObjectBuilder()
                .Add("kty", "RSA")
                .Add("use", "sig")
                .Add("alg", "RS256")
                .Add("kid", KeyIdText)
                .Add("n", Base64UrlText.Encode(key.Modulus))
                .Add("e", Base64UrlText.Encode(key.Exponent))
                .Build()]))
            .Build();
    }

    private async Task SignInAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        var isKnown = DemoUsers.Groups.TryGetValue(form["username"].ToString(), out var groups);
        if (!isKnown || form["grant_type"].ToString() is not "password" || form["client_id"].ToString() is not ClientId)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await WriteAsync(context, new JsonObjectBuilder().Add("error", "invalid_request").Build());
            return;
        }

        await WriteAsync(context, new JsonObjectBuilder()
            .Add("id_token", Sign(form["username"].ToString(), groups))
            .Add("token_type", "Bearer")
            .Add("expires_in", IdTokenLifetimeSeconds)
            .Build());
    }

    private string Sign(string user, ImmutableArray<string> groups)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObjectBuilder()
            .Add("iss", Issuer)
            .Add("aud", ClientId)
            .Add("sub", "00u-" + user)
            .Add("iat", now)
            .Add("exp", now + IdTokenLifetimeSeconds)
            .Add("groups", JsonValue.ArrayOf(groups))
            .Build();
        var credentials = new SigningCredentials(new RsaSecurityKey(_rsa) { KeyId = KeyIdText }, SecurityAlgorithms.RsaSha256);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(JsonWriter.CanonicalText(claims), credentials);
    }
}
