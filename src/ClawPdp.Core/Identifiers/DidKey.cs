using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Core.Identifiers;

/// <summary>The did:key form of an Ed25519 public key: <c>did:key:z</c> and base58btc(0xED 0x01 ‖ 32 key bytes).</summary>
public static class DidKey
{
    /// <summary>The length of an Ed25519 public key.</summary>
    public const int PublicKeySizeBytes = 32;

    private const string Prefix = "did:key:z";

    /// <summary>Writes a key.</summary>
    /// <exception cref="ArgumentException"><paramref name="publicKey"/> is not 32 bytes long.</exception>
    public static string Encode(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != PublicKeySizeBytes)
        {
            throw new ArgumentException("an Ed25519 public key has 32 bytes", nameof(publicKey));
        }

        return Prefix + Base58.Encode([0xED, 0x01, .. publicKey]);
    }

    /// <summary>Reads a key; any other method, key type, length or spelling is refused.</summary>
    public static bool TryDecode(string? did, [NotNullWhen(true)] out byte[]? publicKey)
    {
        publicKey = null;
        if (did is null
            || !did.StartsWith(Prefix, StringComparison.Ordinal)
            || !Base58.TryDecode(did.AsSpan(Prefix.Length), out var bytes)
            || bytes is not [0xED, 0x01, .. { Length: PublicKeySizeBytes } key])
        {
            return false;
        }

        publicKey = key;
        return true;
    }
}
