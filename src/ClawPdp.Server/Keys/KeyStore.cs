using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Crypto;
using ClawPdp.Files;
using ClawPdp.Server.Keys.Signers;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Keys;

/// <summary>The key files of an installation: <c>DATA/keys/PURPOSE-KID.json</c>.</summary>
internal sealed class KeyStore
{
    private readonly string _dataDirectory;
    private readonly KeyFolder _folder;
    private readonly KeyVault _vault;
    private readonly TimeProvider _time;

    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="vault">What opens and seals seeds; absent, they are plain.</param>
    public KeyStore(string dataDirectory, TimeProvider time, KeyVault? vault = null)
    {
        _dataDirectory = dataDirectory;
        _folder = FolderOf(dataDirectory);
        _vault = vault ?? KeyVault.Plain;
        _time = time;
    }

    /// <summary>Gives the directory of an installation's key files.</summary>
    public static KeyFolder FolderOf(string dataDirectory) =>
        new(Path.Combine(dataDirectory, "keys"), static key => $"{KeyPurposeText.NameOf(key.Purpose)}-{key.PublicKey.KeyId}.json");

    /// <summary>Gives how long older keys of a purpose go on verifying unless told otherwise; <see langword="null"/> means without end.</summary>
    // Tokens outlive their key by at most their own lifetime; receipts and policies are looked at for years.
    public static TimeSpan? OverlapOf(KeyPurpose purpose) => purpose == KeyPurpose.Token ? TimeSpan.FromSeconds(IssuanceSettings.LifetimeLimitSeconds) : null;

    /// <summary>Reads all keys.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, a file is not a key file, or plain where others are encrypted.</exception>
    public KeyRing Load()
    {
        var files = _folder.ReadAll();
        _vault.CheckAlike(files);
        return RingOf(files);
    }

    /// <summary>Reads all keys to look at their public halves alone, plain or encrypted.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public KeyRing LoadPublic()
    {
        var ring = RingOf(_folder.ReadAll());
        ring.Wipe();
        return ring;
    }

    /// <summary>Reads all keys and makes the active one of each purpose that has none.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, a file is not a key file, or plain where others are encrypted.</exception>
    public KeyRing LoadOrGenerate()
    {
        var ring = Load();
        if (Missing(ring).IsEmpty)
        {
            return ring;
        }

        using (KeyLock.Take(_dataDirectory))
        {
            foreach (var purpose in Missing(Load()))
            {
                Add(purpose, signsFrom: null, overlap: null);
            }
        }

        return Load();
    }

    /// <summary>Opens the key that signs for a purpose.</summary>
    /// <exception cref="UnsafeFileException">There is none, it cannot be opened, or a file or directory is not as it must be.</exception>
    public PurposeKey OpenActive(KeyPurpose purpose)
    {
        var ring = Load();
        try
        {
            return Open(ring, purpose);
        }
        finally
        {
            ring.Wipe();
        }
    }

    /// <summary>Opens the keys of a ring, and wipes its plain seeds.</summary>
    /// <param name="ring">The keys.</param>
    /// <param name="loadedAt">When the key files were read.</param>
    /// <param name="before">The keys in force so far, whose connection to a signer goes on, and what is known of it; <see langword="null"/> at the start.</param>
    /// <exception cref="UnsafeFileException">A purpose has no key, or one cannot be opened.</exception>
    public SigningRing OpenAll(KeyRing ring, DateTimeOffset loadedAt, SigningRing? before = null)
    {
        try
        {
            return new SigningRing(ring, loadedAt, purpose => before?.FindAtSigner(ring.ActiveOf(purpose)) ?? Open(ring, purpose));
        }
        finally
        {
            ring.Wipe();
        }
    }

    /// <summary>Makes a new active key; every older one loses its seed and verifies for the overlap alone.</summary>
    /// <param name="purpose">Which keys.</param>
    /// <param name="overlap">How long older keys go on verifying; <see langword="null"/> means without end.</param>
    public StoredKey Rotate(KeyPurpose purpose, TimeSpan? overlap)
    {
        using var held = KeyLock.Take(_dataDirectory);
        var before = Load();
        var fresh = Add(purpose, signsFrom: null, overlap);

        // The new key is on disk before an old one stops signing: a crash between the two leaves both usable. What was only published goes, too:
        // it would take over from the new one.
        foreach (var old in before.Keys.Where(key => key.Purpose == purpose && key.CanSign))
        {
            _ = Retire(old, overlap);
        }

        before.Wipe();
        return fresh;
    }

    /// <summary>Makes a key that is published now and signs later; older ones sign until then.</summary>
    /// <param name="purpose">Which keys.</param>
    /// <param name="ahead">How long it is only published; zero for not at all.</param>
    /// <param name="overlap">How long the keys that it replaces go on verifying; <see langword="null"/> for what is usual.</param>
    /// <param name="when">Looks at the keys once nobody else changes them; false for no new key. Absent, there is one.</param>
    /// <returns>The key, or <see langword="null"/> where there shall be none.</returns>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public StoredKey? Announce(KeyPurpose purpose, TimeSpan ahead, TimeSpan? overlap, Func<KeyRing, bool>? when = null)
    {
        using var held = KeyLock.Take(_dataDirectory);
        return when is null || when(Load()) ? Add(purpose, _time.GetUtcNow() + ahead, overlap) : null;
    }

    /// <summary>Makes the key that a signer holds the next one for tokens, as <see cref="Announce"/> and <see cref="Rotate"/> do with a new one.</summary>
    /// <param name="publicKey">The signer's key.</param>
    /// <param name="socket">The signer's socket.</param>
    /// <param name="ahead">How long it is only published; zero for not at all.</param>
    /// <param name="overlap">How long the keys that it replaces go on verifying; <see langword="null"/> for what is usual.</param>
    /// <exception cref="UnsafeFileException">The key is one of the installation's already.</exception>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public StoredKey Adopt(Ed25519PublicKey publicKey, string socket, TimeSpan ahead, TimeSpan? overlap)
    {
        using var held = KeyLock.Take(_dataDirectory);
        var ring = LoadPublic();
        if (ring.Keys.Any(key => string.Equals(key.PublicKey.KeyId, publicKey.KeyId, StringComparison.Ordinal)))
        {
            throw new UnsafeFileException($"the key {publicKey.KeyId} is here already; a key that was replaced does not come back");
        }

        var now = After(ring.ActiveOf(KeyPurpose.Token), _time.GetUtcNow());
        var stored = new StoredKey
        {
            Purpose = KeyPurpose.Token,
            PublicKey = publicKey,
            Seed = null,
            SignerSocket = socket,
            CreatedAt = now,
            SignsFrom = ahead > TimeSpan.Zero ? now + ahead : null,
            Overlap = overlap,
            NotAfter = null,
        };
        _folder.Write(stored);
        return stored;
    }

    /// <summary>Takes the seeds from the keys that were replaced, so that they only verify.</summary>
    /// <param name="overlapOf">How long a key of a purpose goes on verifying, by what its successor says; <see langword="null"/> means without end.</param>
    /// <returns>The keys that were retired.</returns>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public ImmutableArray<StoredKey> RetireReplaced(Func<KeyPurpose, TimeSpan?, TimeSpan?> overlapOf)
    {
        using var held = KeyLock.Take(_dataDirectory);
        return RetireReplaced(Load(), overlapOf);
    }

    private static ImmutableArray<KeyPurpose> Missing(KeyRing ring) => [.. KeyPurposeText.Held.Where(purpose => ring.ActiveOf(purpose) is null)];

    private ImmutableArray<StoredKey> RetireReplaced(KeyRing ring, Func<KeyPurpose, TimeSpan?, TimeSpan?> overlapOf)
    {
        var retired = ImmutableArray.CreateBuilder<StoredKey>();
        foreach (var (replaced, successor) in ring.Replaced())
        {
            retired.Add(Retire(replaced, overlapOf(replaced.Purpose, successor.Overlap)));
        }

        ring.Wipe();
        return retired.ToImmutable();
    }

    private StoredKey Retire(StoredKey key, TimeSpan? overlap)
    {
        DateTimeOffset? end = overlap is { } window ? _time.GetUtcNow() + window : null;
        var retired = key with { Seed = null, SealedSeed = null, SignerSocket = null, SignsFrom = null, Overlap = null, NotAfter = end };
        _folder.Write(retired);
        return retired;
    }

    private KeyRing RingOf(List<(string Path, StoredKey Key)> files) => new(files.Select(static item => item.Key), _time.GetUtcNow());

    private PurposeKey Open(KeyRing ring, KeyPurpose purpose)
    {
        var key = ring.ActiveOf(purpose)
            ?? throw new UnsafeFileException($"there is no signing key for the purpose `{KeyPurposeText.NameOf(purpose)}`; run: clawpdp keys generate");
        return new PurposeKey(purpose, key.SignerSocket is { } socket ? new SocketSigner(key.PublicKey, socket, _time) : _vault.Open(key, _folder.PathOf(key)));
    }

    // The newest signs: no two begin in the same millisecond, which is what a file tells apart.
    private static DateTimeOffset After(StoredKey? active, DateTimeOffset now) =>
        active is not null && active.SignsAt <= now && now - active.SignsAt < TimeSpan.FromMilliseconds(1) ? active.SignsAt.AddMilliseconds(1) : now;

    private StoredKey Add(KeyPurpose purpose, DateTimeOffset? signsFrom, TimeSpan? overlap)
    {
        using var key = Ed25519SigningKey.Generate();
        var seed = key.ExportSeed();
        var now = After(Load().ActiveOf(purpose), _time.GetUtcNow());
        var stored = _vault.Seal(
            new StoredKey
            {
                Purpose = purpose,
                PublicKey = key.PublicKey,
                Seed = seed,
                CreatedAt = now,
                SignsFrom = signsFrom > now ? signsFrom : null,
                Overlap = overlap,
                NotAfter = null,
            },
            _folder.FindRecipe());
        _folder.Write(stored);
        CryptographicOperations.ZeroMemory(seed);
        return stored;
    }
}
