using System.Security.Cryptography;
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
    private readonly string _dataDirectory;
    private readonly KeyFolder _folder;
    private readonly KeyVault _vault;
    private readonly TimeProvider _time;

    /// <param name="dataDirectory">The data directory.</param>
    /// <param name="time">The clock.</param>
    /// <param name="vault">What opens and seals seeds; absent, they are plain.</param>
    public AgentKeyStore(string dataDirectory, TimeProvider time, KeyVault? vault = null)
    {
        _dataDirectory = dataDirectory;
        _folder = FolderOf(dataDirectory);
        _vault = vault ?? KeyVault.Plain;
        _time = time;
    }

    /// <summary>Gives the directory of the agents' key files.</summary>
    public static KeyFolder FolderOf(string dataDirectory) => new(Path.Combine(dataDirectory, "agents"), static key => key.PublicKey.KeyId + ".json");

    /// <summary>Makes a key.</summary>
    /// <exception cref="UnsafeFileException">The directory is open to others.</exception>
    public StoredKey Generate()
    {
        using var key = Ed25519SigningKey.Generate();
        return Keep(key.PublicKey, key.ExportSeed());
    }

    /// <summary>Keeps a key that the operator gives, and wipes its seed; one that is held already stands.</summary>
    /// <exception cref="UnsafeFileException">The directory is open to others.</exception>
    public StoredKey Import(byte[] seed)
    {
        using var key = Ed25519SigningKey.FromSeed(seed);
        return Read(key.PublicKey) ?? Keep(key.PublicKey, seed);
    }

    /// <summary>Gives every key that is held.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public IEnumerable<StoredKey> All() => _folder.ReadAll().Select(static item => OfAgent(item.Key, item.Path));

    /// <summary>Gives the signing key of an agent; <see langword="null"/> when it is not held.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file, plain where it must be encrypted, or cannot be opened.</exception>
    public PurposeKey? Find(string agentDid)
    {
        if (!DidKey.TryDecode(agentDid, out var raw) || !Ed25519PublicKey.TryFromRaw(raw, out var publicKey)
            || Read(publicKey) is not { CanSign: true } stored || !string.Equals(stored.PublicKey.Did, agentDid, StringComparison.Ordinal))
        {
            return null;
        }

        var path = _folder.PathOf(stored);
        try
        {
            _vault.CheckAlike([(path, stored)]);
            return new PurposeKey(KeyPurpose.Agent, _vault.Open(stored, path));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(stored.Seed);
        }
    }

    private static StoredKey OfAgent(StoredKey key, string path) =>
        key.Purpose == KeyPurpose.Agent ? key : throw new UnsafeFileException($"the key file `{path}` is not that of an agent");

    private StoredKey? Read(Ed25519PublicKey publicKey) =>
        _folder.Find(publicKey.KeyId + ".json") is { } key ? OfAgent(key, _folder.PathOf(key)) : null;

    private StoredKey Keep(Ed25519PublicKey publicKey, byte[] seed)
    {
        var plain = new StoredKey { Purpose = KeyPurpose.Agent, PublicKey = publicKey, Seed = seed, CreatedAt = _time.GetUtcNow(), NotAfter = null };
        var stored = _vault.Seal(plain, KeyStore.FolderOf(_dataDirectory).FindRecipe());
        _folder.Write(stored);
        CryptographicOperations.ZeroMemory(seed);
        return stored;
    }
}
