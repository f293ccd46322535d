using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Server.Tests.Doors.OAuth;

/// <summary>An identity provider on loopback that signs the identity assertions that a test wants.</summary>
internal sealed class AssertionIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);

    public AssertionIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", context => AnswerAsync(context, $$"""{"issuer":"{{Url}}","jwks_uri":"{{Url}}/keys"}"""));
        _app.MapGet("/keys", context => AnswerAsync(context, KeySet()));
    }

    /// <summary>Gets or sets a value indicating whether every answer is 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Gets the issuer's name.</summary>
    public string Url { get; private set; } = "";

    public void Start()
    {
        _app.Start();
        Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.First() ?? "";
    }

    /// <summary>Signs an assertion for a user of the group <c>platform-engineers</c>, good for five minutes and never used, but for what is changed.</summary>
    /// <param name="change">Changes the claims.</param>
    /// <param name="type">The header's type.</param>
    public string Sign(Action<JsonObject>? change = null, string type = "oauth-id-jag+jwt")
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Url,
            ["sub"] = "00u-alice",
            ["aud"] = OAuthSidecar.PublicUrl,
            ["client_id"] = "host",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = now,
            ["exp"] = now + 300,
            ["groups"] = new JsonArray("platform-engineers"),
        };
        change?.Invoke(claims);
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "jag-1", ["typ"] = type };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _rsa.Dispose();
    }

    private static string Encode(JsonObject value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value.ToJsonString()));

    private Task AnswerAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = IsDown ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return context.Response.WriteAsync(text);
    }

    private string KeySet()
    {
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        return $$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"jag-1","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}""";
    }
}
