using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>An identity provider's key. Signs with the framework's own primitives, not with what is under test.</summary>
public sealed class SigningKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ecdsa;

    private SigningKey(string id, RSA? rsa, ECDsa? ecdsa)
    {
        Id = id;
        _rsa = rsa;
        _ecdsa = ecdsa;
    }

    public static SigningKey Rsa1 { get; } = new("rsa-1", RSA.Create(2048), null);

    public static SigningKey Rsa2 { get; } = new("rsa-2", RSA.Create(2048), null);

    public static SigningKey P256 { get; } = new("p256", null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static SigningKey P384 { get; } = new("p384", null, ECDsa.Create(ECCurve.NamedCurves.nistP384));

    public static SigningKey P521 { get; } = new("p521", null, ECDsa.Create(ECCurve.NamedCurves.nistP521));

    public string Id { get; }

    public string Modulus => Base64Url.EncodeToString(_rsa?.ExportParameters(false).Modulus);

    /// <summary>The public key in the form that algorithm-confusion attacks use as an HMAC secret.</summary>
    public byte[] PublicPem() => Encoding.ASCII.GetBytes(_rsa?.ExportSubjectPublicKeyInfoPem() ?? "");

    public static SigningKey OfRsaBits(int bits) => new($"rsa-{bits}", RSA.Create(bits), null);

    public SigningKey Named(string id) => new(id, _rsa, _ecdsa);

    public RawObject Jwk()
    {
        var jwk = new RawObject().With("kid", $"\"{Id}\"").With("use", "\"sig\"");
        if (_rsa is not null)
        {
            var rsa = _rsa.ExportParameters(false);
            return jwk.With("kty", "\"RSA\"").With("n", Quoted(rsa.Modulus)).With("e", Quoted(rsa.Exponent));
        }

        var point = _ecdsa?.ExportParameters(false).Q ?? default;
        return jwk.With("kty", "\"EC\"")
            .With("crv", $"\"P-{_ecdsa?.KeySize}\"")
            .With("x", Quoted(point.X))
            .With("y", Quoted(point.Y));
    }

    public string PrivateExponent() => Quoted(_rsa?.ExportParameters(true).D);

    public byte[] Sign(string algorithm, byte[] data)
    {
        var hash = algorithm[2..] switch
        {
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        if (_ecdsa is not null)
        {
            return _ecdsa.SignData(data, hash);
        }

        var padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return _rsa?.SignData(data, hash, padding) ?? [];
    }

    private static string Quoted(byte[]? bytes) => $"\"{Base64Url.EncodeToString(bytes)}\"";
}
