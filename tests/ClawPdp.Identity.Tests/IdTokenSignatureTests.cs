using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Identity.Tests.Stubs;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Identity.Tests;

public sealed class IdTokenSignatureTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Validate_EachAlgorithm_IsAcceptedOnlyWhenAllowed(string algorithm)
    {
        var key = KeyFor(algorithm);
        await using var open = await TestBed.StartAsync(issuer => Allowing(issuer, algorithm));
        await using var closed = await TestBed.StartAsync(issuer => Allowing(
            issuer, string.Equals(algorithm, "RS256", StringComparison.Ordinal) ? "PS256" : "RS256"));
        open.Provider.Keys = [key.Jwk()];
        closed.Provider.Keys = [key.Jwk()];

        await open.AcceptAsync(TestBed.Sign(open.Claims(), key, algorithm));

        Assert.Equal(IdentityFailure.IdTokenUnsupportedAlg, await closed.RefusalAsync(TestBed.Sign(closed.Claims(), key, algorithm)));
        Assert.Equal(0, closed.Provider.DiscoveryCount);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("rs256")]
    [InlineData("EdDSA")]
    [InlineData("RSA1_5")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")]
    [InlineData("")]
    public async Task Validate_AlgorithmThatIsNoAcceptedSignature_IsUnsupported(string algorithm)
    {
        await using var bed = await TestBed.StartAsync();
        var header = TestBed.Header(algorithm, "rsa-1").ToString();

        var unsigned = TestBed.Token(header, bed.Claims().ToString(), static _ => []);
        var signed = TestBed.Token(header, bed.Claims().ToString(), static data => SigningKey.Rsa1.Sign("RS256", data));

        Assert.Equal(IdentityFailure.IdTokenUnsupportedAlg, await bed.RefusalAsync(unsigned));
        Assert.Equal(IdentityFailure.IdTokenUnsupportedAlg, await bed.RefusalAsync(signed));
        Assert.Equal(0, bed.Provider.DiscoveryCount);
    }

    [Fact]
    public async Task Validate_HmacWithThePublicKeyAsSecret_IsUnsupported()
    {
        await using var bed = await TestBed.StartAsync();
        var header = TestBed.Header("HS256", "rsa-1").ToString();

        foreach (var secret in new[] { SigningKey.Rsa1.PublicPem(), Base64Url.DecodeFromChars(SigningKey.Rsa1.Modulus) })
        {
            var token = TestBed.Token(header, bed.Claims().ToString(), data => HMACSHA256.HashData(secret, data));
            Assert.Equal(IdentityFailure.IdTokenUnsupportedAlg, await bed.RefusalAsync(token));
        }
    }

    [Fact]
    public async Task Validate_NoSignature_IsInvalid()
    {
        await using var bed = await TestBed.StartAsync();
        var token = TestBed.Sign(bed.Claims());

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(token[..(token.LastIndexOf('.') + 1)]));
    }

    [Fact]
    public async Task Validate_AnotherKeyUnderTheSameId_IsInvalid()
    {
        await using var bed = await TestBed.StartAsync();

        var token = TestBed.Sign(bed.Claims(), SigningKey.Rsa2.Named("rsa-1"), "RS256");

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(token));
    }

    [Fact]
    public async Task Validate_KeyInsideTheHeader_IsNotUsed()
    {
        await using var bed = await TestBed.StartAsync();
        var attacker = SigningKey.Rsa2.Named("rsa-1");
        var header = TestBed.Header("RS256", "rsa-1").With("jwk", attacker.Jwk().ToString()).With("jku", "\"https://evil.example/keys\"");

        var token = TestBed.Token(header.ToString(), bed.Claims().ToString(), data => attacker.Sign("RS256", data));

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(token));
    }

    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    public async Task Validate_SignatureOfAnotherAlgorithm_IsInvalid(string said, string used)
    {
        await using var bed = await TestBed.StartAsync();

        var token = TestBed.Token(
            TestBed.Header(said, "rsa-1").ToString(), bed.Claims().ToString(), data => SigningKey.Rsa1.Sign(used, data));

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(token));
    }

    [Fact]
    public async Task Validate_EcdsaSignatureInDer_IsInvalid()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.P256.Jwk()];
        var header = TestBed.Header("ES256", "p256").ToString();

        var zero = TestBed.Token(header, bed.Claims().ToString(), static _ => new byte[64]);
        var der = TestBed.Token(header, bed.Claims().ToString(), static data => Der(SigningKey.P256.Sign("ES256", data)));

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(zero));
        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(der));

        static byte[] Der(byte[] raw) => [0x30, 0x44, 0x02, 0x20, .. raw[..32], 0x02, 0x20, .. raw[32..]];
    }

    [Fact]
    public async Task Validate_KeyOfAnotherType_IsInvalidWithoutAFetch()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.P256.Named("rsa-1").Jwk(), SigningKey.Rsa2.Jwk()];
        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa2, "RS256"));

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(bed.Claims()));
        Assert.Equal(1, bed.Provider.KeySetCount);
    }

    [Fact]
    public async Task Validate_KeyNamedForAnotherAlgorithm_IsInvalid()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk().With("alg", "\"PS256\"")];

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(bed.Claims()));
        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa1, "PS256"));
    }

    [Fact]
    public async Task Validate_SameKeyListedForEachAlgorithm_IsChosenByAlgorithm()
    {
        await using var bed = await TestBed.StartAsync();
        var jwk = SigningKey.Rsa1.Jwk();
        bed.Provider.Keys = [jwk.With("alg", "\"RS256\""), jwk.With("alg", "\"RS256\""), jwk.With("alg", "\"PS256\"")];

        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa1, "RS256"));
        await bed.AcceptAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa1, "PS256"));
    }

    [Fact]
    public async Task Validate_TwoKeysWithOneId_AreAmbiguous()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.Rsa1.Jwk(), SigningKey.Rsa2.Named("rsa-1").Jwk()];

        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, await bed.RefusalAsync(bed.Claims()));
    }

    [Fact]
    public async Task Validate_NoKeyId_IsUnknownEvenWithASingleKey()
    {
        await using var bed = await TestBed.StartAsync();
        var header = TestBed.Header("RS256", "rsa-1");

        foreach (var without in new[] { header.Without("kid"), header.With("kid", "\"\"") })
        {
            var token = TestBed.Token(without.ToString(), bed.Claims().ToString(), static data => SigningKey.Rsa1.Sign("RS256", data));
            Assert.Equal(IdentityFailure.IdTokenUnknownKid, await bed.RefusalAsync(token));
        }

        Assert.Equal(0, bed.Provider.DiscoveryCount);
    }

    [Theory]
    [InlineData("RSA-1")]
    [InlineData("rsa-1 ")]
    [InlineData("rsa-2")]
    public async Task Validate_OtherKeyId_IsUnknown(string keyId)
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Equal(
            IdentityFailure.IdTokenUnknownKid,
            await bed.RefusalAsync(TestBed.Sign(bed.Claims(), SigningKey.Rsa1.Named(keyId), "RS256")));
    }

    [Fact]
    public async Task Validate_KeyOfAnotherIssuer_IsNotUsed()
    {
        await using var first = await TestBed.StartAsync();
        await using var second = await TestBed.StartAsync();
        second.Provider.Keys = [SigningKey.Rsa2.Jwk()];
        var validator = new IdTokenValidator([first.Source, second.Source], new FakeTimeProvider(first.Time.GetUtcNow()), first.ValidatorLog);
        await ValidateAsync(TestBed.Sign(second.Claims(), SigningKey.Rsa2, "RS256"));

        var unknown = await ValidateAsync(TestBed.Sign(first.Claims(), SigningKey.Rsa2, "RS256"));
        var renamed = await ValidateAsync(TestBed.Sign(first.Claims(), SigningKey.Rsa2.Named("rsa-1"), "RS256"));
        var own = await ValidateAsync(TestBed.Sign(second.Claims(), SigningKey.Rsa2, "RS256"));

        Assert.Equal(IdentityFailure.IdTokenUnknownKid, Assert.IsType<IdentityRefusal>(unknown).Code);
        Assert.Equal(IdentityFailure.IdTokenSignatureInvalid, Assert.IsType<IdentityRefusal>(renamed).Code);
        Assert.Equal(second.Provider.Issuer, Assert.IsType<VerifiedIdentity>(own).Issuer);

        Task<IdentityResult> ValidateAsync(string token) => validator.ValidateAsync(token, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Validate_AnyOneBitChanged_IsRefused()
    {
        await using var bed = await TestBed.StartAsync();
        bed.Provider.Keys = [SigningKey.P256.Jwk()];
        var token = TestBed.Sign(bed.Claims(), SigningKey.P256, "ES256");
        await bed.AcceptAsync(token);
        var bytes = Encoding.ASCII.GetBytes(token);

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.IsType<IdentityRefusal>(await bed.ValidateAsync(Encoding.Latin1.GetString(bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void New_WithoutIssuers_Throws() => Assert.Throws<ArgumentException>(
        static () => new IdTokenValidator([], TimeProvider.System, new RecordingLogger<IdTokenValidator>()));

    [Fact]
    public async Task New_WithTwinIssuers_Throws()
    {
        await using var bed = await TestBed.StartAsync();

        Assert.Throws<ArgumentException>(() => new IdTokenValidator([bed.Source, bed.Source], bed.Time, bed.ValidatorLog));
    }

    private static IssuerDocument Allowing(string issuer, string algorithm) =>
        new() { Issuer = issuer, ClientIds = ["client-1"], Algorithms = [algorithm] };

    private static SigningKey KeyFor(string algorithm) => algorithm switch
    {
        "ES256" => SigningKey.P256,
        "ES384" => SigningKey.P384,
        "ES512" => SigningKey.P521,
        _ => SigningKey.Rsa1,
    };
}
