using System.Security.Cryptography;
using ClawPdp.Crypto.Sealing;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>A directory of key files, one a key: mode 0600 in a directory of mode 0700.</summary>
internal sealed class KeyFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Pattern = "*.json";

    private readonly string _directory;
    private readonly Func<StoredKey, string> _nameOf;

    /// <param name="directory">The directory.</param>
    /// <param name="nameOf">Names the file of a key.</param>
    public KeyFolder(string directory, Func<StoredKey, string> nameOf)
    {
        _directory = directory;
        _nameOf = nameOf;
    }

    /// <summary>Gets a value indicating whether the directory is there.</summary>
    public bool Exists => Directory.Exists(_directory);

    /// <summary>Gives the file of a key.</summary>
    public string PathOf(StoredKey key) => Path.Combine(_directory, _nameOf(key));

    /// <summary>Reads every key, in the order of the files' names; makes the directory where there is none.</summary>
    /// <exception cref="UnsafeFileException">A file or the directory is open to others, or a file is not a key file.</exception>
    public List<(string Path, StoredKey Key)> ReadAll()
    {
        OwnerOnlyDirectory.Ensure(_directory);
        return [.. Directory.EnumerateFiles(_directory, Pattern).Order(StringComparer.Ordinal).Select(static path => (path, Read(path)))];
    }

    /// <summary>Reads the file of a key that is known by its public half; <see langword="null"/> when there is none.</summary>
    /// <exception cref="UnsafeFileException">A file or the directory is open to others, or the file is not a key file.</exception>
    public StoredKey? Find(string fileName)
    {
        if (!Exists)
        {
            return null;
        }

        OwnerOnlyDirectory.Ensure(_directory);
        var path = Path.Combine(_directory, fileName);
        return File.Exists(path) ? Read(path) : null;
    }

    /// <summary>Writes a key: the file is the old or the new one, whenever the machine stops.</summary>
    /// <exception cref="UnsafeFileException">The directory is open to others.</exception>
    public void Write(StoredKey key)
    {
        OwnerOnlyDirectory.Ensure(_directory);
        var text = StoredKeyDocument.Write(key);
        try
        {
            DurableFile.Write(PathOf(key), text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Gives the recipe that other keys here are sealed with; <see langword="null"/> when none is.</summary>
    /// <exception cref="UnsafeFileException">A file or the directory is open to others, or a file is not a key file.</exception>
    public SealingRecipe? FindRecipe() => ReadAll().Select(static item => item.Key.SealedSeed?.Recipe).FirstOrDefault(static recipe => recipe is not null);

    /// <summary>Removes what a crash left half-written: such a file may hold a plain seed.</summary>
    public void RemoveLeftovers()
    {
        foreach (var path in Exists ? Directory.GetFiles(_directory, Pattern + ".new") : [])
        {
            File.Delete(path);
        }
    }

    private static StoredKey Read(string path)
    {
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new UnsafeFileException($"the key file `{path}` is open to others than its owner; run: chmod 600 {path}");
        }

        var text = File.ReadAllBytes(path);
        try
        {
            var read = StoredKeyDocument.Read(text);
            return read.TryGet(out var key)
                ? key
                : throw new UnsafeFileException($"the key file `{path}` is not valid: {read.Faults[0].Pointer}: {read.Faults[0].Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }
}
