using System.Collections.Immutable;
using ClawPdp.Crypto;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>The key files of an installation: <c>DATA/keys/PURPOSE-KID.json</c>, mode 0600 in a directory of mode 0700.</summary>
internal sealed class KeyStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly TimeProvider _time;

    public KeyStore(string dataDirectory, TimeProvider time)
    {
        _directory = Path.Combine(dataDirectory, "keys");
        _time = time;
    }

    /// <summary>Reads all keys.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public KeyRing Load()
    {
        OwnerOnlyDirectory.Ensure(_directory);
        var keys = Directory.EnumerateFiles(_directory, "*.json").Order(StringComparer.Ordinal).Select(Read);
        return new KeyRing([.. keys.OrderBy(static key => key.Purpose).ThenByDescending(static key => key.CreatedAt)]);
    }

    /// <summary>Reads all keys and makes the active one of each purpose that has none.</summary>
    /// <exception cref="UnsafeFileException">A file or directory is open to others, or a file is not a key file.</exception>
    public KeyRing LoadOrGenerate()
    {
        var ring = Load();
        var missing = KeyPurposeText.Held.Where(purpose => ring.ActiveOf(purpose) is null).ToImmutableArray();
        foreach (var purpose in missing)
        {
            Generate(purpose);
        }

        return missing.IsEmpty ? ring : Load();
    }

    /// <summary>Makes a new signing key; it becomes the active one of its purpose.</summary>
    public StoredKey Generate(KeyPurpose purpose)
    {
        OwnerOnlyDirectory.Ensure(_directory);
        using var key = Ed25519SigningKey.Generate();
        var stored = new StoredKey
        {
            Purpose = purpose,
            PublicKey = key.PublicKey,
            Seed = key.ExportSeed(),
            CreatedAt = _time.GetUtcNow(),
            NotAfter = null,
        };

        Write(stored);
        return stored;
    }

    /// <summary>Makes a new active key; every older one loses its seed and verifies for the overlap alone.</summary>
    /// <param name="purpose">Which keys.</param>
    /// <param name="overlap">How long older keys go on verifying; <see langword="null"/> means without end.</param>
    public StoredKey Rotate(KeyPurpose purpose, TimeSpan? overlap)
    {
        var before = Load();
        var fresh = Generate(purpose);

        // The new key is on disk before an old one stops signing: a crash between the two leaves both usable.
        foreach (var old in before.Keys.Where(key => key.Purpose == purpose && key.CanSign))
        {
            Write(old with { Seed = null, NotAfter = overlap is { } window ? fresh.CreatedAt + window : null });
        }

        return fresh;
    }

    private StoredKey Read(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the key file `{path}` is open to others than its owner; run: chmod 600 {path}");
        }

        var read = StoredKeyDocument.Read(File.ReadAllBytes(path));
        return read.TryGet(out var key)
            ? key
            : throw new UnsafeFileException($"the key file `{path}` is not valid: {read.Faults[0].Pointer}: {read.Faults[0].Message}");
    }

    private void Write(StoredKey key) =>
        DurableFile.Write(Path.Combine(_directory, $"{KeyPurposeText.NameOf(key.Purpose)}-{key.PublicKey.KeyId}.json"), StoredKeyDocument.Write(key));
}
