using NSec.Cryptography;

namespace ClawPdp.Crypto;

/// <summary>An Ed25519 private key (RFC 8032), held in memory that libsodium guards.</summary>
public sealed class Ed25519SigningKey : ISigner
{
    /// <summary>The length of a seed.</summary>
    public const int SeedSizeBytes = 32;

    private readonly Key _key;

    private Ed25519SigningKey(Key key)
    {
        _key = key;
        PublicKey = new Ed25519PublicKey(key.PublicKey);
    }

    /// <inheritdoc/>
    public Ed25519PublicKey PublicKey { get; }

    /// <inheritdoc/>
    public bool IsAway => false;

    /// <summary>Makes a new key from the operating system's generator.</summary>
    public static Ed25519SigningKey Generate() =>
        new(Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving }));

    /// <summary>Takes a 32-byte seed.</summary>
    /// <exception cref="FormatException">The seed is not 32 bytes long.</exception>
    public static Ed25519SigningKey FromSeed(ReadOnlySpan<byte> seed) =>
        new(Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey));

    /// <summary>Gives the seed of a key that was made here, to be stored once.</summary>
    /// <exception cref="InvalidOperationException">The key was taken from a seed or its seed was given before.</exception>
    public byte[] ExportSeed() => _key.Export(KeyBlobFormat.RawPrivateKey);

    /// <inheritdoc/>
    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    /// <inheritdoc/>
    public void Check()
    {
        // It is in this process's memory.
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
