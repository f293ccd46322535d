using ClawPdp.Core.Encoding;

namespace ClawPdp.Core.Identifiers;

/// <summary>The <c>kid</c> of a key: the first 16 lower-case hexadecimal characters of the SHA-256 of the raw public key.</summary>
public static class KeyId
{
    /// <summary>The length of a key id.</summary>
    public const int Length = 16;

    /// <summary>Computes the id of a raw 32-byte Ed25519 public key.</summary>
    public static string Of(ReadOnlySpan<byte> publicKey) => Sha256.Hex(publicKey)[..Length];
}
