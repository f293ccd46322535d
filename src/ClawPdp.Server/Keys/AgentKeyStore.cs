using ClawPdp.Core.Identifiers;
using ClawPdp.Crypto;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>
/// The keys of agents that have no place for one of their own: <c>DATA/agents/KID.json</c>, mode 0600 in a directory of mode 0700. Such
/// a key signs that agent's proof bundles and nothing else.
/// </summary>
internal sealed class AgentKeyStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly TimeProvider _time;

    public AgentKeyStore(string dataDirectory, TimeProvider time)
    {
        _directory = Path.Combine(dataDirectory, "agents");
        _time = time;
    }

    /// <summary>Makes a key.</summary>
    /// <exception cref="UnsafeFileException">The directory is open to others.</exception>
    public StoredKey Generate()
    {
        using var key = Ed25519SigningKey.Generate();
        return Keep(key.PublicKey, key.ExportSeed());
    }

    /// <summary>Keeps a key that the operator gives; one that is held already stands.</summary>
    /// <exception cref="UnsafeFileException">The directory is open to others.</exception>
    public StoredKey Import(byte[] seed)
    {
        using var key = Ed25519SigningKey.FromSeed(seed);
        return Read(PathOf(key.PublicKey)) ?? Keep(key.PublicKey, seed);
    }

    /// <summary>Gives every key that is held.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public IEnumerable<StoredKey> All()
    {
        OwnerOnlyDirectory.Ensure(_directory);
        return Directory.EnumerateFiles(_directory, "*.json").Order(StringComparer.Ordinal).Select(Read).OfType<StoredKey>();
    }

    /// <summary>Gives the signing key of an agent; <see langword="null"/> when it is not held.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public PurposeKey? Find(string agentDid)
    {
        if (!DidKey.TryDecode(agentDid, out var raw) || !Ed25519PublicKey.TryFromRaw(raw, out var publicKey) || !Directory.Exists(_directory))
        {
            return null;
        }

        OwnerOnlyDirectory.Ensure(_directory);
        var stored = Read(PathOf(publicKey));
        return stored?.Seed is { } seed && string.Equals(stored.PublicKey.Did, agentDid, StringComparison.Ordinal)
            ? new PurposeKey(KeyPurpose.Agent, Ed25519SigningKey.FromSeed(seed))
            : null;
    }

    private static StoredKey? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the key file `{path}` is open to others than its owner; run: chmod 600 {path}");
        }

        var read = StoredKeyDocument.Read(File.ReadAllBytes(path));
        return read.TryGet(out var key) && key.Purpose == KeyPurpose.Agent
            ? key
            : throw new UnsafeFileException($"the key file `{path}` is not that of an agent");
    }

    private StoredKey Keep(Ed25519PublicKey publicKey, byte[] seed)
    {
        OwnerOnlyDirectory.Ensure(_directory);
        var stored = new StoredKey { Purpose = KeyPurpose.Agent, PublicKey = publicKey, Seed = seed, CreatedAt = _time.GetUtcNow(), NotAfter = null };
        DurableFile.Write(PathOf(publicKey), StoredKeyDocument.Write(stored));
        return stored;
    }

    private string PathOf(Ed25519PublicKey key) => Path.Combine(_directory, key.KeyId + ".json");
}
