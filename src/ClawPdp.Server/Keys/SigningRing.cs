using System.Collections.Frozen;
using ClawPdp.Crypto;
using ClawPdp.Engine.Tokens;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>The installation's keys, ready for use: one signer for each purpose, and all that verify.</summary>
internal sealed class SigningRing
{
    private readonly FrozenDictionary<KeyPurpose, PurposeKey> _signers;
    private readonly KeyRing _ring;

    public SigningRing(KeyRing ring, DateTimeOffset loadedAt)
    {
        _ring = ring;
        LoadedAt = loadedAt;
        _signers = KeyPurposeText.Held.ToFrozenDictionary(static purpose => purpose, purpose => SignerFrom(ring, purpose));
    }

    /// <summary>Gets when the key files were read.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>Gives the key that signs for a purpose.</summary>
    public PurposeKey SignerOf(KeyPurpose purpose) => _signers[purpose];

    /// <summary>Gives the keys that verify for a purpose at an instant, the signing one first.</summary>
    public IEnumerable<StoredKey> AcceptedOf(KeyPurpose purpose, DateTimeOffset now) => _ring.AcceptedOf(purpose, now);

    /// <summary>Gives the key set for the engine.</summary>
    public KeySet TokenKeys() => new(
        _ring.Keys.Where(static key => key.Purpose == KeyPurpose.Token).Select(static key => new VerificationKey(key.PublicKey, key.NotAfter)),
        LoadedAt);

    /// <summary>Tells whether two rings hold the same keys with the same bounds.</summary>
    public bool HasSameKeys(KeyRing other) =>
        _ring.Keys.Select(static key => (key.Purpose, key.PublicKey.KeyId, key.NotAfter, key.CanSign))
            .SequenceEqual(other.Keys.Select(static key => (key.Purpose, key.PublicKey.KeyId, key.NotAfter, key.CanSign)));

    private static PurposeKey SignerFrom(KeyRing ring, KeyPurpose purpose)
    {
        var stored = ring.ActiveOf(purpose);
        return stored?.Seed is { } seed
            ? new PurposeKey(purpose, Ed25519SigningKey.FromSeed(seed))
            : throw new UnsafeFileException($"there is no signing key for the purpose `{KeyPurposeText.NameOf(purpose)}`; run: clawpdp keys generate");
    }
}
