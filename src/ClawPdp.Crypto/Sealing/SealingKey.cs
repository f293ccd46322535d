using System.Security.Cryptography;
using ClawPdp.Core.Encoding;
using NSec.Cryptography;

namespace ClawPdp.Crypto.Sealing;

/// <summary>A key that seals the seeds of other keys, made of a passphrase and held in memory that libsodium guards.</summary>
public sealed class SealingKey : IDisposable
{
    private readonly Key _key;

    private SealingKey(Key key, SealingRecipe recipe)
    {
        _key = key;
        Recipe = recipe;
    }

    /// <summary>Gets how the key was made.</summary>
    public SealingRecipe Recipe { get; }

    private static AeadAlgorithm Cipher => AeadAlgorithm.XChaCha20Poly1305;

    /// <summary>Makes the key of a passphrase. It takes a tenth of a second and the memory that the recipe names.</summary>
    /// <exception cref="FormatException">The recipe is out of its bounds.</exception>
    public static SealingKey Derive(ReadOnlySpan<byte> passphrase, SealingRecipe recipe)
    {
        if (!Base64UrlText.TryDecode(recipe.Salt, out var salt) || salt.Length != SealingRecipe.SaltSizeBytes
            || recipe.MemoryKib is < SealingRecipe.MemoryKibMin or > SealingRecipe.MemoryKibMax
            || recipe.Passes is < 1 or > SealingRecipe.PassesMax)
        {
            throw new FormatException("the recipe is out of its bounds");
        }

        var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = recipe.MemoryKib, NumberOfPasses = recipe.Passes });
        return new SealingKey(argon2.DeriveKey(passphrase, salt, Cipher), recipe);
    }

    /// <summary>Seals the seed of a key, for its purpose alone.</summary>
    /// <param name="purpose">What the key is for.</param>
    /// <param name="publicKey">Its public half.</param>
    /// <param name="seed">Its 32-byte seed.</param>
    public SealedSeed Seal(KeyPurpose purpose, Ed25519PublicKey publicKey, ReadOnlySpan<byte> seed)
    {
        var nonce = RandomNumberGenerator.GetBytes(SealedSeed.NonceSizeBytes);
        var ciphertext = Cipher.Encrypt(_key, nonce, AssociatedData(purpose, publicKey), seed);
        return new SealedSeed(Recipe, Base64UrlText.Encode(nonce), Base64UrlText.Encode(ciphertext));
    }

    /// <summary>Opens a sealed seed; false when the passphrase is another one, or the seed is another key's or was changed.</summary>
    /// <param name="box">The sealed seed.</param>
    /// <param name="purpose">What the key is for.</param>
    /// <param name="publicKey">Its public half.</param>
    /// <param name="seed">Receives the 32 bytes; the caller wipes them.</param>
    public bool TryOpen(SealedSeed box, KeyPurpose purpose, Ed25519PublicKey publicKey, Span<byte> seed) =>
        Base64UrlText.TryDecode(box.Nonce, out var nonce) && nonce.Length == SealedSeed.NonceSizeBytes
            && Base64UrlText.TryDecode(box.Ciphertext, out var ciphertext) && ciphertext.Length == SealedSeed.CiphertextSizeBytes
            && seed.Length == Ed25519SigningKey.SeedSizeBytes
            && Cipher.Decrypt(_key, nonce, AssociatedData(purpose, publicKey), ciphertext, seed);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    // "clawpdp.sealed-seed.v1" 00 | purpose (1) | key id (16, ASCII) | public key (32)
    private static byte[] AssociatedData(KeyPurpose purpose, Ed25519PublicKey publicKey) =>
        [.. "clawpdp.sealed-seed.v1\0"u8, checked((byte)purpose), .. System.Text.Encoding.ASCII.GetBytes(publicKey.KeyId), .. publicKey.Raw.Span];
}
