using System.Security.Cryptography;

namespace ClawPdp.Crypto;

/// <summary>Signatures of P-256 keys over SHA-256, as ES256 has them (RFC 7518 section 3.4): 64 bytes, R and S.</summary>
public static class P256Signature
{
    /// <summary>Tells whether a signature is a key's over a message; a point that is not on the curve has none.</summary>
    /// <param name="x">The 32 bytes of the point's x.</param>
    /// <param name="y">The 32 bytes of the point's y.</param>
    /// <param name="message">The message.</param>
    /// <param name="signature">The signature.</param>
    public static bool Verifies(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = x.ToArray(), Y = y.ToArray() },
            });
            return key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
