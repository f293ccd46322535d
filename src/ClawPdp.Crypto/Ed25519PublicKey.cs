using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Identifiers;
using NSec.Cryptography;

namespace ClawPdp.Crypto;

/// <summary>An Ed25519 public key (RFC 8032).</summary>
public sealed class Ed25519PublicKey
{
    private readonly PublicKey _key;

    // A key that came with a proof is used once, and never named.
    private string? _did;
    private string? _keyId;

    internal Ed25519PublicKey(PublicKey key)
    {
        _key = key;
        Raw = key.Export(KeyBlobFormat.RawPublicKey);
    }

    /// <summary>Gets the 32 bytes.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>Gets the <c>kid</c>.</summary>
    public string KeyId => _keyId ??= Core.Identifiers.KeyId.Of(Raw.Span);

    /// <summary>Gets the did:key.</summary>
    public string Did => _did ??= DidKey.Encode(Raw.Span);

    /// <summary>Takes 32 bytes; a point that is no key is refused.</summary>
    public static bool TryFromRaw(ReadOnlySpan<byte> raw, [NotNullWhen(true)] out Ed25519PublicKey? key)
    {
        key = PublicKey.TryImport(SignatureAlgorithm.Ed25519, raw, KeyBlobFormat.RawPublicKey, out var imported) && imported is not null
            ? new Ed25519PublicKey(imported)
            : null;
        return key is not null;
    }

    /// <summary>Takes a did:key.</summary>
    public static bool TryFromDid(string? did, [NotNullWhen(true)] out Ed25519PublicKey? key)
    {
        key = null;
        return DidKey.TryDecode(did, out var raw) && TryFromRaw(raw, out key);
    }

    /// <summary>Tells whether a signature is this key's over a message.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => SignatureAlgorithm.Ed25519.Verify(_key, message, signature);
}
