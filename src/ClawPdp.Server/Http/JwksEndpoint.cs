using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Keys;

namespace ClawPdp.Server.Http;

/// <summary>Serves the keys that verify CSTs: <c>GET /v1/jwks</c> (RFC 7517, RFC 8037).</summary>
internal static class JwksEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/jwks", static async context =>
    {
        var services = context.RequestServices;
        var keys = TokenKeys.Accepted(services.GetRequiredService<KeyRingStore>().Current, services.GetRequiredService<RevocationView>(), services.GetRequiredService<TimeProvider>().GetUtcNow());
        var body = Write(keys);
        context.Response.ContentType = "application/jwk-set+json";
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }).OnPlane(Plane.Decision);

    private static byte[] Write(IEnumerable<StoredKey> accepted)
    {
        var keys = accepted.Select(static key => new JsonObjectBuilder()
            .Add("kty", "OKP")
            .Add("crv", "Ed25519")
            .Add("x", Base64UrlText.Encode(key.PublicKey.Raw.Span))
            .Add("kid", key.PublicKey.KeyId)
            .Add("alg", "EdDSA")
            .Add("use", "sig")
            .Build());
        return JsonWriter.WriteCanonical(new JsonObjectBuilder().Add("keys", JsonValue.ArrayOf([.. keys])).Build());
    }
}
