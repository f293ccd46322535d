using System.Collections.Frozen;
using ClawPdp.Crypto;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Server.Keys;

/// <summary>The installation's keys, ready for use: one signer for each purpose, and all that verify.</summary>
internal sealed class SigningRing
{
    private readonly FrozenDictionary<KeyPurpose, PurposeKey> _signers;
    private readonly KeyRing _ring;

    /// <param name="ring">The keys.</param>
    /// <param name="loadedAt">When the key files were read.</param>
    /// <param name="open">Opens the key that signs for a purpose.</param>
    public SigningRing(KeyRing ring, DateTimeOffset loadedAt, Func<KeyPurpose, PurposeKey> open)
    {
        _ring = ring;
        LoadedAt = loadedAt;
        _signers = KeyPurposeText.Held.ToFrozenDictionary(static purpose => purpose, open);
    }

    /// <summary>Gets when the key files were read.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>Gets a value indicating whether a signer elsewhere holds the key of tokens.</summary>
    public bool HasSigner => _ring.ActiveOf(KeyPurpose.Token)?.SignerSocket is not null;

    /// <summary>Gives the key that signs for a purpose.</summary>
    public PurposeKey SignerOf(KeyPurpose purpose) => _signers[purpose];

    /// <summary>Gives the key that signs where it is this very one, at the same signer; <see langword="null"/> otherwise.</summary>
    public PurposeKey? FindAtSigner(StoredKey? key) =>
        key?.SignerSocket is { } socket && _ring.ActiveOf(key.Purpose) is { } own
        && string.Equals(own.SignerSocket, socket, StringComparison.Ordinal)
        && string.Equals(own.PublicKey.KeyId, key.PublicKey.KeyId, StringComparison.Ordinal)
            ? _signers[key.Purpose]
            : null;

    /// <summary>Looks whether every key that signs can be reached.</summary>
    /// <exception cref="SignerUnavailableException">One is elsewhere, and cannot.</exception>
    public void Check()
    {
        foreach (var signer in _signers.Values)
        {
            signer.Check();
        }
    }

    /// <summary>Gives the keys that verify for a purpose at an instant, the signing one first.</summary>
    public IEnumerable<StoredKey> AcceptedOf(KeyPurpose purpose, DateTimeOffset now) => _ring.AcceptedOf(purpose, now);

    /// <summary>Gives the key set for the engine.</summary>
    public KeySet TokenKeys() => new(
        _ring.Keys.Where(static key => key.Purpose == KeyPurpose.Token).Select(static key => new VerificationKey(key.PublicKey, key.NotAfter)),
        LoadedAt);

    /// <summary>Tells whether a ring holds the same keys with the same bounds, and the same ones sign.</summary>
    public bool HasSameKeys(KeyRing other) =>
        _ring.Keys.Select(static key => (key.PublicKey.KeyId, key.Purpose, key.NotAfter, key.CanSign))
            .SequenceEqual(other.Keys.Select(static key => (key.PublicKey.KeyId, key.Purpose, key.NotAfter, key.CanSign)))
        && _signers.All(signer => string.Equals(signer.Value.PublicKey.KeyId, other.ActiveOf(signer.Key)?.PublicKey.KeyId, StringComparison.Ordinal));
}
