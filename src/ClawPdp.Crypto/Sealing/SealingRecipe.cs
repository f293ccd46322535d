using System.Security.Cryptography;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Crypto.Sealing;

/// <summary>How a sealing key is made of a passphrase: by Argon2id (RFC 9106) with one lane.</summary>
/// <param name="Salt">The salt: 16 bytes in base64url, 22 characters.</param>
/// <param name="MemoryKib">The memory that it takes, in KiB, from <see cref="MemoryKibMin"/> to <see cref="MemoryKibMax"/>.</param>
/// <param name="Passes">How often it goes over the memory, from 1 to <see cref="PassesMax"/>.</param>
public sealed record SealingRecipe(string Salt, int MemoryKib, int Passes)
{
    /// <summary>The length of a salt.</summary>
    public const int SaltSizeBytes = 16;

    /// <summary>The least memory that is accepted: 8 MiB.</summary>
    public const int MemoryKibMin = 8 * 1024;

    /// <summary>The most memory that is accepted, so that a file cannot take the machine's: 1 GiB.</summary>
    public const int MemoryKibMax = 1024 * 1024;

    /// <summary>The most passes that are accepted.</summary>
    public const int PassesMax = 16;

    // RFC 9106 section 4, the second recommended option, less its lanes, of which libsodium has one.
    private const int MemoryKibDefault = 64 * 1024;
    private const int PassesDefault = 3;

    /// <summary>Makes a recipe with a new salt and the default cost: 64 MiB and 3 passes.</summary>
    public static SealingRecipe New() => new(Base64UrlText.Encode(RandomNumberGenerator.GetBytes(SaltSizeBytes)), MemoryKibDefault, PassesDefault);
}
