using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Crypto;
using PublicKey = ClawPdp.Core.Tokens.HolderKey;

namespace ClawPdp.Client;

/// <summary>Reads private keys. No message holds anything of what was read.</summary>
internal static class HolderKeyReader
{
    /// <summary>The size of a signature of either kind.</summary>
    public const int SignatureSizeBytes = 64;

    private const int TextMax = 16_384;
    private const int ScalarSizeBytes = 32;
    private const string Expected = "the holder's key is no private key: a JSON Web Key or PKCS #8 in PEM is expected, of Ed25519 or P-256";

    /// <summary>Reads a private key.</summary>
    /// <exception cref="FormatException">It is none, or its parts are of different keys.</exception>
    public static HolderKey Read(string text)
    {
        HolderKey? key = null;
        try
        {
            key = text.TrimStart().StartsWith('{') ? ReadJwk(text) : ReadPem(text);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or AsnContentException)
        {
            // What it says could hold what nobody may see.
        }

        return key ?? throw new FormatException(Expected);
    }

    /// <summary>Reads a public key.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PublicKey ReadPublic(string text) =>
        PublicKey.Read(Parse(text)) ?? throw new FormatException("the holder's public key is none: a JSON Web Key without a private part is expected, of Ed25519 or P-256");

    private static JsonValue Parse(string text) =>
        text.Length <= TextMax && JsonReader.Parse(Encoding.UTF8.GetBytes(text), TextMax * 3).TryGet(out var value) && value.Kind == JsonKind.Object
            ? value
            : throw new FormatException(Expected);

    private static HolderKey ReadJwk(string text)
    {
        var jwk = Parse(text);
        if (!Base64UrlText.TryDecode(jwk.FindText("d"), out var scalar) || scalar.Length != ScalarSizeBytes)
        {
            throw new FormatException(Expected);
        }

        try
        {
            var stated = PublicKey.Read(JsonValue.ObjectOf([.. jwk.Members.Where(static member => member.Name is not "d")])) ?? throw new FormatException(Expected);
            var key = stated.Algorithm is PublicKey.EdDsa ? OfSeed(scalar) : OfPoint(stated, scalar);
            return string.Equals(key.Thumbprint, stated.Thumbprint, StringComparison.Ordinal) ? key : throw new FormatException("the holder's key has parts of different keys");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    private static HolderKey ReadPem(string text)
    {
        if (text.Length > TextMax || !PemEncoding.TryFind(text, out var fields) || text[fields.Label] is not "PRIVATE KEY")
        {
            throw new FormatException(Expected);
        }

        var der = Convert.FromBase64String(text[fields.Base64Data]);
        try
        {
            // PrivateKeyInfo (RFC 5208 section 5): version, algorithm, key in an octet string.
            var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            _ = info.ReadInteger();
            if (info.ReadSequence().ReadObjectIdentifier() is not "1.3.101.112")
            {
                return OfEcdsa(static (ecdsa, bytes) => ecdsa.ImportPkcs8PrivateKey(bytes, out _), der);
            }

            // RFC 8410 section 7: the seed is an octet string of its own in it.
            var seed = new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
            var key = seed.Length == ScalarSizeBytes ? OfSeed(seed) : throw new FormatException(Expected);
            CryptographicOperations.ZeroMemory(seed);
            return key;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static HolderKey OfSeed(byte[] seed)
    {
        var key = Ed25519SigningKey.FromSeed(seed);
        return new HolderKey(PublicKey.OfEd25519(key.PublicKey.Raw), (message, _) => ValueTask.FromResult(key.Sign(message.Span)), key);
    }

    private static HolderKey OfPoint(PublicKey stated, byte[] scalar) => OfEcdsa(
        (ecdsa, bytes) => ecdsa.ImportParameters(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = bytes,
            Q = new ECPoint { X = stated.X.ToArray(), Y = stated.Y.ToArray() },
        }),
        scalar);

    private static HolderKey OfEcdsa(Action<ECDsa, byte[]> import, byte[] bytes)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            import(ecdsa, bytes);
            var shown = ecdsa.ExportParameters(includePrivateParameters: false);

            // Platforms differ in what they check at the import.
            byte[] probe = [0];
            var isWhole = shown.Curve.Oid.Value is "1.2.840.10045.3.1.7" && ecdsa.VerifyData(probe, ecdsa.SignData(probe, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
            return isWhole
                ? new HolderKey(PublicKey.OfP256(shown.Q.X, shown.Q.Y), (message, _) => ValueTask.FromResult(Sign(ecdsa, message.Span)), ecdsa)
                : throw new FormatException(Expected);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    // An ECDsa says nothing of being used by several threads at once.
    private static byte[] Sign(ECDsa key, ReadOnlySpan<byte> message)
    {
        lock (key)
        {
            return key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }
}
