namespace ClawPdp.Crypto.Sealing;

/// <summary>A private key's seed, readable with a passphrase alone.</summary>
/// <param name="Recipe">How the passphrase makes the key that opens it.</param>
/// <param name="Nonce">The nonce: 24 bytes in base64url, 32 characters.</param>
/// <param name="Ciphertext">The seed, encrypted, and its tag: 48 bytes in base64url, 64 characters.</param>
public sealed record SealedSeed(SealingRecipe Recipe, string Nonce, string Ciphertext)
{
    /// <summary>The length of a nonce.</summary>
    public const int NonceSizeBytes = 24;

    /// <summary>The length of a ciphertext: the seed's and the tag's.</summary>
    public const int CiphertextSizeBytes = Ed25519SigningKey.SeedSizeBytes + 16;
}
