using ClawPdp.Crypto;
using ClawPdp.Crypto.Sealing;

namespace ClawPdp.Server.Keys;

/// <summary>One key of the installation, as its file says.</summary>
internal sealed record StoredKey
{
    /// <summary>Gets what the key is for.</summary>
    public required KeyPurpose Purpose { get; init; }

    /// <summary>Gets the public key.</summary>
    public required Ed25519PublicKey PublicKey { get; init; }

    /// <summary>Gets the 32-byte seed; <see langword="null"/> where it is sealed, and once the key only verifies.</summary>
    public required byte[]? Seed { get; init; }

    /// <summary>Gets the seed under a passphrase; <see langword="null"/> where it is plain, and once the key only verifies.</summary>
    public SealedSeed? SealedSeed { get; init; }

    /// <summary>Gets the socket of the signer that holds the key; <see langword="null"/> where the seed is here, and once the key only verifies.</summary>
    public string? SignerSocket { get; init; }

    /// <summary>Gets when the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the first instant at which the key signs, where that is later than its making: until then it is only published.</summary>
    public DateTimeOffset? SignsFrom { get; init; }

    /// <summary>Gets how long the keys that it replaces go on verifying; <see langword="null"/> for what is usual with its purpose.</summary>
    public TimeSpan? Overlap { get; init; }

    /// <summary>Gets the last instant at which the key verifies; <see langword="null"/> means without end.</summary>
    public required DateTimeOffset? NotAfter { get; init; }

    /// <summary>Gets a value indicating whether the key may still sign.</summary>
    public bool CanSign => Seed is not null || SealedSeed is not null || SignerSocket is not null;

    /// <summary>Gets the first instant at which the key signs.</summary>
    public DateTimeOffset SignsAt => SignsFrom ?? CreatedAt;
}
