using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Core.Tests.Tokens;

/// <summary>Who alone may use a token, in its header; the keys and proofs of holders, with the examples of the RFCs.</summary>
public sealed class HolderTests
{
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    // RFC 9449 section 4.2, figure 2.
    private const string Proof =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5Ijoi"
        + "OVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6"
        + "Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK"
        + "70nfbV37xRZT3Lg";

    private static readonly CstClaims Claims = new()
    {
        Subject = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        Audience = ["clawpdp"],
        Scope = ["tool:github"],
        IssuedAt = 0,
        ExpiresAt = 1,
    };

    [Theory]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"peer_uid":0}""")]
    [InlineData("""{"peer_uid":1001}""")]
    [InlineData("""{"peer_uid":65533}""")]
    [InlineData("""{"peer_uid":65535}""")]
    [InlineData("""{"peer_uid":4294967294}""")]
    public void Read_AHolder_IsWrittenAsItWas(string json) => Assert.Equal(json, JsonWriter.CanonicalText(Assert.IsType<TokenHolder>(Read(json)).ToJson()));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","peer_uid":1001}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J"}""")]
    [InlineData("""{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4"}""")]
    [InlineData("""{"jkt":""}""")]
    [InlineData("""{"jkt":1001}""")]
    [InlineData("""{"JKT":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"jwk":{}}""")]
    [InlineData("""{"x5t#S256":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}""")]
    [InlineData("""{"peer_uid":65534}""")]
    [InlineData("""{"peer_uid":4294967295}""")]
    [InlineData("""{"peer_uid":4294967296}""")]
    [InlineData("""{"peer_uid":-1}""")]
    [InlineData("""{"peer_uid":1001.5}""")]
    [InlineData("""{"peer_uid":"1001"}""")]
    [InlineData("[]")]
    [InlineData("\"jkt\"")]
    [InlineData("null")]
    public void Read_WhatIsNotWhollyUnderstood_IsNone(string json) => Assert.Null(Read(json));

    [Theory]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7},"crit":["cnf"]}""", CstFailure.None)]
    [InlineData("""{"alg":"EdDSA"}""", CstFailure.None)]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7}}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","crit":["cnf"]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","crit":[]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7},"crit":[]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7},"crit":["cnf","b64"]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7},"crit":["exp"]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":{"peer_uid":7},"crit":"cnf"}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":null,"crit":["cnf"]}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":null}""", CstFailure.Malformed)]
    [InlineData("""{"alg":"EdDSA","cnf":{},"crit":["cnf"]}""", CstFailure.Malformed)]
    public void Parse_Header_HasAHolderAndSaysSoOrNeither(string header, CstFailure expected)
    {
        var token = Encode(header) + ".e30." + Base64UrlText.Encode(new byte[64]);

        var envelope = CstEnvelope.Parse(token, out var failure);

        Assert.Equal(expected, failure);
        Assert.Equal(expected == CstFailure.None && header.Contains("cnf", StringComparison.Ordinal) ? 7U : null, envelope?.Holder?.UserId);
    }

    [Fact]
    public void Write_WithAHolder_SaysSoInTheSignedHeader()
    {
        var signed = "";
        var token = CstWriter.Write(Claims, "k", TokenHolder.OfKey(Thumbprint), bytes =>
        {
            signed = System.Text.Encoding.ASCII.GetString(bytes.Span);
            return new byte[64];
        });

        Assert.True(Base64UrlText.TryDecode(signed.Split('.')[0], out var header));
        Assert.Equal($$"""{"alg":"EdDSA","cnf":{"jkt":"{{Thumbprint}}"},"crit":["cnf"],"kid":"k","typ":"JWT"}""", System.Text.Encoding.UTF8.GetString(header));
        Assert.Equal(Thumbprint, CstEnvelope.Parse(token, out _)?.Holder?.KeyThumbprint);
    }

    [Fact]
    public void Write_WithoutAHolder_IsTheHeaderOfTheWireFormat()
    {
        var token = CstWriter.Write(Claims, "k", holder: null, static _ => new byte[64]);

        Assert.True(Base64UrlText.TryDecode(token.Split('.')[0], out var header));
        Assert.Equal("""{"alg":"EdDSA","kid":"k","typ":"JWT"}""", System.Text.Encoding.UTF8.GetString(header));
    }

    [Fact]
    public void Thumbprint_OfTheKeysOfTheRfcs_IsTheirs()
    {
        // RFC 8037 appendix A.3, and RFC 9449 section 6.1.
        var edwards = HolderKey.Read(Json("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"x"}"""));

        Assert.Equal("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", edwards?.Thumbprint);
        Assert.Equal(Thumbprint, HolderProof.Parse(Proof)?.Key.Thumbprint);
    }

    [Theory]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"}""")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"EC","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"EC","crv":"P-384","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","y":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"oct","k":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("[]")]
    public void Read_OtherKeys_AreNone(string jwk) => Assert.Null(HolderKey.Read(Json(jwk)));

    [Fact]
    public void Parse_TheProofOfTheRfc_HasItsClaims()
    {
        var proof = HolderProof.Parse(Proof);

        Assert.Equal(("-BwC3ESc6acc2lTc", "POST", "https://server.example.com/token", null), (proof?.Id, proof?.Method, proof?.Target, proof?.TokenHash));
        Assert.Equal(1562262616, proof?.IssuedAt.ToUnixTimeSeconds());
        Assert.Equal("ES256", proof?.Key.Algorithm);
        Assert.DoesNotContain("BwC3ESc6", proof?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", true)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK,"kid":"x"}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1.25,"ath":"x","nonce":"n"}""", true)]
    [InlineData("""{"typ":"dpop+jwt","alg":"Ed25519","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", true)]
    [InlineData("""{"typ":"JWT","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"ES256","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"none","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA"}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK,"crit":["x"]}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":1,"htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b"}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":"1"}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":-1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1e300}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","htm":"POST","htu":"http://a/b","iat":1,"ath":null}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", """{"jti":"1","jti":"2","htm":"POST","htu":"http://a/b","iat":1}""", false)]
    [InlineData("""{"typ":"dpop+jwt","alg":"EdDSA","jwk":JWK}""", "[]", false)]
    public void Parse_Proof_HasEverythingOrIsNone(string header, string claims, bool expected)
    {
        const string Jwk = """{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";
        var text = Encode(header.Replace("JWK", Jwk, StringComparison.Ordinal)) + "." + Encode(claims) + "." + Base64UrlText.Encode(new byte[64]);

        Assert.Equal(expected, HolderProof.Parse(text) is not null);
    }

    [Fact]
    public void Parse_WhatIsNoJws_IsNone()
    {
        var parts = Proof.Split('.');
        string?[] texts =
        [
            null, "", ".", "..", "...", "a.b.c", parts[0] + "." + parts[1], Proof + ".", Proof + "=", " " + Proof, Proof[..^1], Proof + "A",
            parts[0] + "." + parts[1] + ".", Proof + new string('A', HolderProof.LengthMax),
        ];

        Assert.All(texts, static text => Assert.Null(HolderProof.Parse(text)));
    }

    private static TokenHolder? Read(string json) => TokenHolder.Read(Json(json));

    private static JsonValue Json(string text) => JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), 1 << 16).Value;

    private static string Encode(string text) => Base64UrlText.Encode(System.Text.Encoding.UTF8.GetBytes(text));
}
