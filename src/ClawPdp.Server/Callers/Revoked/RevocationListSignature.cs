using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Callers.Revoked;

/// <summary>Checks who signed a list of revoked certificates.</summary>
internal static class RevocationListSignature
{
    // The algorithms of RFC 4055, RFC 5758 and RFC 8410; of SHA-1 and MD5 nothing is taken.
    private const string RsaSha256 = "1.2.840.113549.1.1.11";
    private const string RsaSha384 = "1.2.840.113549.1.1.12";
    private const string RsaSha512 = "1.2.840.113549.1.1.13";
    private const string EcdsaSha256 = "1.2.840.10045.4.3.2";
    private const string EcdsaSha384 = "1.2.840.10045.4.3.3";
    private const string EcdsaSha512 = "1.2.840.10045.4.3.4";
    private const string Ed25519 = "1.3.101.112";

    /// <summary>Tells whether the algorithm of a list is one that is taken.</summary>
    public static bool IsKnown(string algorithm) => algorithm is RsaSha256 or RsaSha384 or RsaSha512 or EcdsaSha256 or EcdsaSha384 or EcdsaSha512 or Ed25519;

    /// <summary>Tells whether an authority signed a list: by name, by key, and as one that may sign lists (RFC 5280 section 6.3.3, f).</summary>
    public static bool IsBy(RevocationList list, X509Certificate2 authority) =>
        authority.SubjectName.RawData.AsSpan().SequenceEqual(list.Issuer.Span)
        && authority.Extensions.OfType<X509KeyUsageExtension>().All(static usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))
        && IsSignedBy(list, authority.PublicKey);

    private static bool IsSignedBy(RevocationList list, PublicKey key)
    {
        try
        {
            return list.Algorithm switch
            {
                RsaSha256 => IsRsa(list, key, HashAlgorithmName.SHA256),
                RsaSha384 => IsRsa(list, key, HashAlgorithmName.SHA384),
                RsaSha512 => IsRsa(list, key, HashAlgorithmName.SHA512),
                EcdsaSha256 => IsEcdsa(list, key, HashAlgorithmName.SHA256),
                EcdsaSha384 => IsEcdsa(list, key, HashAlgorithmName.SHA384),
                EcdsaSha512 => IsEcdsa(list, key, HashAlgorithmName.SHA512),
                Ed25519 => string.Equals(key.Oid.Value, Ed25519, StringComparison.Ordinal)
                    && Ed25519PublicKey.TryFromRaw(key.EncodedKeyValue.RawData, out var known)
                    && known.Verify(list.Signed.Span, list.Signature.Span),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            // A key or a signature that is none.
            return false;
        }
    }

    private static bool IsRsa(RevocationList list, PublicKey key, HashAlgorithmName hash)
    {
        using var rsa = key.GetRSAPublicKey();
        return rsa is not null && rsa.VerifyData(list.Signed.Span, list.Signature.Span, hash, RSASignaturePadding.Pkcs1);
    }

    private static bool IsEcdsa(RevocationList list, PublicKey key, HashAlgorithmName hash)
    {
        using var ecdsa = key.GetECDsaPublicKey();
        return ecdsa is not null && ecdsa.VerifyData(list.Signed.Span, list.Signature.Span, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
