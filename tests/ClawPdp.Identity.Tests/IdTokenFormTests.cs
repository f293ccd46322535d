using System.Security.Cryptography;
using System.Text;
using ClawPdp.Identity.Tests.Stubs;

namespace ClawPdp.Identity.Tests;

public sealed class IdTokenFormTests
{
    [Fact]
    public async Task Validate_GoodToken_GivesWhatItSays()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());

        var identity = await bed.AcceptAsync(token);

        Assert.Equal(bed.Provider.Issuer, identity.Issuer);
        Assert.Equal("00u1abcd", identity.Subject);
        Assert.Equal("client-1", identity.ClientId);
        Assert.Equal(["platform-engineers", "everyone"], identity.Groups);
        Assert.Equal(TestBed.Now - 10, identity.IssuedAt.ToUnixTimeSeconds());
        Assert.Equal(TestBed.Now + 300, identity.ExpiresAt.ToUnixTimeSeconds());
        Assert.Equal("rsa-1", identity.KeyId);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        Assert.Equal(hash.TrimEnd('=').Replace('+', '-').Replace('/', '_'), identity.TokenHashB64u);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Validate_NoToken_IsRequired(string? token)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenRequired, await bed.RefusalAsync(token));
        Assert.Equal(0, bed.Provider.DiscoveryCount);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("a")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.e30.e30")]
    [InlineData("e30.e30.e30.e30.e30")]
    [InlineData("..")]
    [InlineData("e30..")]
    [InlineData("e30.e30.AA==")]
    [InlineData("e30.e30.A")]
    [InlineData("e30.e30.A+")]
    [InlineData("e30.e30.AB")]
    [InlineData("e30 .e30.AA")]
    [InlineData("e30.e30.A\u00e9")]
    public async Task Validate_NotThreeCanonicalParts_IsMalformed(string token)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(token));
    }

    [Fact]
    public async Task Validate_WhiteSpaceAround_IsMalformed()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());

        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(token + "\n"));
        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(" " + token));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"alg\":\"RS256\",}")]
    [InlineData("{\"alg\":\"RS256\"/**/}")]
    [InlineData("{\"alg\":\"RS256\",\"alg\":\"RS256\"}")]
    [InlineData("{\"alg\":\"RS256\",\"\\u0061lg\":\"none\"}")]
    [InlineData("{\"alg\":\"RS256\",\"x\":\"\\ud800\"}")]
    [InlineData("{\"alg\":\"RS256\",\"\\ud800\":1}")]
    [InlineData("{\"kid\":\"rsa-1\"}")]
    [InlineData("{\"alg\":1,\"kid\":\"rsa-1\"}")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":1}")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":null}")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"exp\"]}")]
    [InlineData("{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[]}")]
    public async Task Validate_BadHeader_IsMalformed(string header)
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Token(header, bed.Claims().ToString(), static data => SigningKey.Rsa1.Sign("RS256", data));

        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(token));
    }

    [Fact]
    public async Task Validate_RepeatedClaim_IsMalformedAtAnyDepth()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims();

        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(claims.WithAlso("groups", "[\"admins\"]")));
        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(claims.WithAlso("\\u0073ub", "\"other\"")));
        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(claims.With("x", "{\"y\":1,\"y\":2}")));
    }

    [Fact]
    public async Task Validate_PayloadNotUtf8_IsMalformed()
    {
        await using var bed = await TestBed.StartAsync();
        var header = TestBed.Encode(TestBed.Header("RS256", "rsa-1").ToString());
        var payload = Encoding.UTF8.GetBytes(bed.Claims().With("name", "\"?\"").ToString());
        payload[Array.IndexOf(payload, (byte)'?')] = 0xff;
        var signed = $"{header}.{System.Buffers.Text.Base64Url.EncodeToString(payload)}";
        var signature = SigningKey.Rsa1.Sign("RS256", Encoding.ASCII.GetBytes(signed));

        var refusal = await bed.RefusalAsync($"{signed}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}");

        Assert.Equal(IdentityFailure.IdTokenMalformed, refusal);
    }

    [Fact]
    public async Task Validate_Nesting_IsLimited()
    {
        await using var bed = await TestBed.StartAsync();
        var claims = bed.Claims();

        await bed.AcceptAsync(claims.With("x", Nested(15)));
        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(claims.With("x", Nested(16))));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public async Task Validate_Length_IsLimitedTo16384()
    {
        await using var bed = await TestBed.StartAsync();
        var shortest = TestBed.Sign(bed.Claims().With("x", "\"\"")).Length;
        var fill = (16_384 - shortest) / 4 * 3;

        var atLimit = Enumerable.Range(fill - 3, 8).Select(Filled).Last(token => token.Length <= 16_384);
        var over = Enumerable.Range(fill - 3, 8).Select(Filled).First(token => token.Length > 16_384);

        await bed.AcceptAsync(atLimit);
        Assert.Equal(IdentityFailure.IdTokenMalformed, await bed.RefusalAsync(over));

        string Filled(int count) => TestBed.Sign(bed.Claims().With("x", $"\"{new string('x', count)}\""));
    }

    [Theory]
    [InlineData("\"JWT\"")]
    [InlineData("\"jwt\"")]
    public async Task Validate_TypeJwt_IsAccepted(string type)
    {
        await using var bed = await TestBed.StartAsync();

        await bed.AcceptAsync(WithType(bed, header => header.With("typ", type)));
        await bed.AcceptAsync(WithType(bed, header => header.Without("typ")));
    }

    [Theory]
    [InlineData("\"at+jwt\"")]
    [InlineData("\"application/at+jwt\"")]
    [InlineData("\"oauth-id-jag+jwt\"")]
    [InlineData("\"logout+jwt\"")]
    [InlineData("\"JWT \"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("1")]
    public async Task Validate_OtherType_IsNotAnIdToken(string type)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(IdentityFailure.IdTokenInvalidClaims, await bed.RefusalAsync(WithType(bed, header => header.With("typ", type))));
    }

    [Fact]
    public async Task Validate_EveryPrefixOfAToken_IsRefused()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());
        await bed.AcceptAsync(token);

        for (var length = 0; length < token.Length; length++)
        {
            Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(token[..length]));
        }
    }

    private static string WithType(TestBed bed, Func<RawObject, RawObject> change) => TestBed.Token(
        change(TestBed.Header("RS256", "rsa-1")).ToString(),
        bed.Claims().ToString(),
        static data => SigningKey.Rsa1.Sign("RS256", data));
}
