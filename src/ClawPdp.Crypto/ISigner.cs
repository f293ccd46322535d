namespace ClawPdp.Crypto;

/// <summary>Makes Ed25519 signatures with one key: in this process's memory, or where the key cannot be taken out.</summary>
public interface ISigner : IDisposable
{
    /// <summary>Gets the public half.</summary>
    Ed25519PublicKey PublicKey { get; }

    /// <summary>Gets a value indicating whether the key could not be reached when it was last used or looked at; never so before the first time.</summary>
    bool IsAway { get; }

    /// <summary>Signs a message: 64 bytes.</summary>
    /// <exception cref="SignerUnavailableException">The key is elsewhere, and there is no good signature in time.</exception>
    byte[] Sign(ReadOnlySpan<byte> message);

    /// <summary>Looks whether the key can be reached.</summary>
    /// <exception cref="SignerUnavailableException">It cannot.</exception>
    void Check();
}
