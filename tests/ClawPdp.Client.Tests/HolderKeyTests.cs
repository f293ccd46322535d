using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Crypto;

namespace ClawPdp.Client.Tests;

public sealed class HolderKeyTests
{
    private static readonly string Jwk = Vectors.Row("keys", "Ed25519, RFC 8037 appendix A.3").GetProperty("key").GetString() ?? "";

    public static TheoryData<string> Keys => Vectors.Names("keys");

    public static TheoryData<string> Proofs => Vectors.Names("proofs");

    [Theory]
    [MemberData(nameof(Keys))]
    public void Parse_AText_IsTheKeyOfEveryClient(string name)
    {
        var row = Vectors.Row("keys", name);
        var text = row.GetProperty("key").GetString() ?? "";
        if (row.TryGetProperty("refused", out _))
        {
            var refusal = Assert.Throws<FormatException>(() => HolderKey.Parse(text));
            Assert.DoesNotContain("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", refusal.ToString(), StringComparison.Ordinal);
            return;
        }

        using var key = HolderKey.Parse(text);
        Assert.Equal(row.GetProperty("thumbprint").GetString(), key.Thumbprint);
    }

    [Theory]
    [MemberData(nameof(Proofs))]
    public async Task Prove_OfEd25519_IsThatOfEveryClient(string name)
    {
        var row = Vectors.Row("proofs", name);
        string Text(string member) => row.GetProperty(member).GetString() ?? "";
        using var key = HolderKey.Parse(Text("key"));
        var now = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(row.GetProperty("iat").GetDouble() * 1000));

        var proof = await key.ProveAsync(Text("method"), Text("target"), Text("token"), now, Text("jti"), TestContext.Current.CancellationToken);

        Assert.Equal(Text("proof"), proof);
    }

    [Fact]
    public async Task Prove_OfP256_SignsWhatVerifies()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = HolderKey.Parse(ecdsa.ExportPkcs8PrivateKeyPem());

        var proof = await key.ProveAsync("POST", "http://localhost/x", "", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken);

        var end = proof.LastIndexOf('.');
        Assert.True(Base64UrlText.TryDecode(proof.AsSpan(end + 1), out var signature));
        Assert.True(ecdsa.VerifyData(Encoding.ASCII.GetBytes(proof[..end]), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    [Fact]
    public void Parse_P384_IsRefused()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<FormatException>(() => HolderKey.Parse(ecdsa.ExportPkcs8PrivateKeyPem()));
    }

    [Fact]
    public async Task FromEd25519_AndFromSigner_ProveAsTheKeyItself()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var signing = Ed25519SigningKey.Generate();
        using var own = HolderKey.FromEd25519(signing);
        using var elsewhere = HolderKey.FromSigner(own.PublicJwk, (message, _) => ValueTask.FromResult(signing.Sign(message.Span)));

        Assert.Equal(own.Thumbprint, elsewhere.Thumbprint);
        Assert.Equal(
            await own.ProveAsync("POST", "http://localhost/x", "token", DateTimeOffset.UnixEpoch, "id", cancellation),
            await elsewhere.ProveAsync("POST", "http://localhost/x", "token", DateTimeOffset.UnixEpoch, "id", cancellation));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("x")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"AA"}""")]
    [InlineData("""{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","d":"AA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    public void FromSigner_NoPublicKey_IsRefused(string jwk) =>
        Assert.Throws<FormatException>(() => HolderKey.FromSigner(jwk, static (_, _) => ValueTask.FromResult(new byte[64])));

    [Fact]
    public async Task Prove_ASignerThatFails_SaysNothingOfWhatItSaid()
    {
        using var whole = HolderKey.Parse(Jwk);
        using var broken = HolderKey.FromSigner(whole.PublicJwk, static (_, _) => throw new IOException("pin 1234"));
        using var shortened = HolderKey.FromSigner(whole.PublicJwk, static (_, _) => ValueTask.FromResult(new byte[5]));

        foreach (var key in (HolderKey[])[broken, shortened])
        {
            var failure = await Assert.ThrowsAsync<HolderProofException>(async () => await key.ProveAsync("POST", "http://localhost/x", "", DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken));
            Assert.DoesNotContain("1234", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ToString_OfKeyAndOptions_ShowsNoPrivatePart()
    {
        using var key = HolderKey.Parse(Jwk);

        var shown = key.ToString() + (ClawPdpClientOptions.WithToken("token") with { HolderKey = key });

        Assert.Contains(key.Thumbprint, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", shown, StringComparison.Ordinal);
    }
}
