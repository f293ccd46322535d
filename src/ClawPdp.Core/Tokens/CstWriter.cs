using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>Writes a CST: a compact JWS (RFC 7515 section 7.1) whose header and claims are in JCS order.</summary>
public static class CstWriter
{
    /// <summary>Writes and signs.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="keyId">The id of the signing key.</param>
    /// <param name="holder">Who alone may use it; <see langword="null"/> for whoever has it.</param>
    /// <param name="sign">Signs the ASCII bytes of <c>header.payload</c> with Ed25519.</param>
    public static string Write(CstClaims claims, string keyId, TokenHolder? holder, Func<ReadOnlyMemory<byte>, byte[]> sign)
    {
        var header = new JsonObjectBuilder()
            .Add("alg", "EdDSA")
            .Add("typ", "JWT")
            .Add("kid", keyId)
            .AddIfPresent(TokenHolder.HeaderName, holder?.ToJson())
            .AddIfPresent("crit", holder is null ? null : JsonValue.ArrayOf([TokenHolder.HeaderName]))
            .Build();
        var signed = Base64UrlText.Encode(JsonWriter.WriteCanonical(header)) + "." + Base64UrlText.Encode(JsonWriter.WriteCanonical(claims.ToJson()));
        return signed + "." + Base64UrlText.Encode(sign(System.Text.Encoding.ASCII.GetBytes(signed)));
    }
}
