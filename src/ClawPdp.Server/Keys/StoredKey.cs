using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>One key of the installation, as its file says.</summary>
internal sealed record StoredKey
{
    /// <summary>Gets what the key is for.</summary>
    public required KeyPurpose Purpose { get; init; }

    /// <summary>Gets the public key.</summary>
    public required Ed25519PublicKey PublicKey { get; init; }

    /// <summary>Gets the 32-byte seed; <see langword="null"/> once the key only verifies.</summary>
    public required byte[]? Seed { get; init; }

    /// <summary>Gets when the key was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets the last instant at which the key verifies; <see langword="null"/> means without end.</summary>
    public required DateTimeOffset? NotAfter { get; init; }

    /// <summary>Gets a value indicating whether the key may still sign.</summary>
    public bool CanSign => Seed is not null;
}
