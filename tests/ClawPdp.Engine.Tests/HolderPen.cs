using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Engine.Tests;

/// <summary>Somebody who holds a key, and writes proofs of it.</summary>
internal sealed class HolderPen : IDisposable
{
    private readonly string _algorithm;
    private readonly string _jwk;
    private readonly Func<byte[], byte[]> _sign;
    private readonly IDisposable _key;

    private HolderPen(string algorithm, string jwk, Func<byte[], byte[]> sign, IDisposable key)
    {
        _algorithm = algorithm;
        _jwk = jwk;
        _sign = sign;
        _key = key;
        Holder = TokenHolder.OfKey(Base64UrlText.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(jwk)))) ?? throw new InvalidOperationException();
    }

    public TokenHolder Holder { get; }

    public static HolderPen Ed25519()
    {
        var key = new PurposeKey(KeyPurpose.Token, Ed25519SigningKey.Generate());
        return new HolderPen("EdDSA", $$"""{"crv":"Ed25519","kty":"OKP","x":"{{Base64UrlText.Encode(key.PublicKey.Raw.Span)}}"}""", data => key.SignToken(data), key);
    }

    public static HolderPen P256()
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new HolderPen(
            "ES256",
            $$"""{"crv":"P-256","kty":"EC","x":"{{Base64UrlText.Encode(point.X)}}","y":"{{Base64UrlText.Encode(point.Y)}}"}""",
            data => key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            key);
    }

    /// <summary>Writes a proof.</summary>
    /// <param name="token">The token that it is for; <see langword="null"/> for none.</param>
    /// <param name="target">The address of the request.</param>
    /// <param name="at">The instant.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="shownAs">Whose key it claims to be of; <see langword="null"/> for its own.</param>
    public string Prove(string? token, string target, DateTimeOffset at, string method = "POST", HolderPen? shownAs = null)
    {
        var hash = token is null ? "" : $$""","ath":"{{Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)))}}" """;
        var seconds = (at - DateTimeOffset.UnixEpoch).TotalSeconds.ToString("F3", System.Globalization.CultureInfo.InvariantCulture);
        var signed = Encode($$"""{"typ":"dpop+jwt","alg":"{{_algorithm}}","jwk":{{shownAs?._jwk ?? _jwk}}}""")
            + "." + Encode($$"""{"jti":"{{Guid.NewGuid()}}","htm":"{{method}}","htu":"{{target}}","iat":{{seconds}}{{hash}}}""");
        return signed + "." + Base64UrlText.Encode(_sign(Encoding.ASCII.GetBytes(signed)));
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(string text) => Base64UrlText.Encode(Encoding.UTF8.GetBytes(text));
}
