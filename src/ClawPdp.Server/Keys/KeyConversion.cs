using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Crypto.Sealing;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>
/// Encrypts, decrypts or encrypts anew every key file of an installation, those of agents too. Each file is replaced whole, one after the other;
/// what a crash leaves undone, the same command does when it is run again. Nothing is written before all can be read.
/// </summary>
internal sealed class KeyConversion
{
    private readonly string _dataDirectory;
    private readonly ImmutableArray<KeyFolder> _folders;

    public KeyConversion(string dataDirectory)
    {
        _dataDirectory = dataDirectory;
        _folders = [KeyStore.FolderOf(dataDirectory), AgentKeyStore.FolderOf(dataDirectory)];
    }

    /// <summary>Encrypts the seeds that are plain.</summary>
    /// <param name="vault">The passphrase; seeds that are encrypted already must open with it.</param>
    /// <returns>How many files were written.</returns>
    /// <exception cref="UnsafeFileException">A file or directory is not as it must be, or a seed has another passphrase.</exception>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public int Encrypt(KeyVault vault) => Convert((path, key) =>
    {
        if (key.SealedSeed is not null)
        {
            CryptographicOperations.ZeroMemory(vault.OpenSeed(key, path));
        }

        return key.Seed is not null ? recipe => vault.Seal(key, recipe) : null;
    });

    /// <summary>Writes the seeds that are encrypted as plain ones.</summary>
    /// <inheritdoc cref="Encrypt"/>
    public int Decrypt(KeyVault vault) => Convert((path, key) =>
    {
        if (key.SealedSeed is null)
        {
            return null;
        }

        var seed = vault.OpenSeed(key, path);
        return _ => key with { Seed = seed, SealedSeed = null };
    });

    /// <summary>Encrypts the seeds anew, with another passphrase and another salt; plain ones, too.</summary>
    /// <param name="before">The passphrase up to now.</param>
    /// <param name="after">The passphrase from now on; seeds that open with it are done already.</param>
    /// <returns>How many files were written.</returns>
    /// <exception cref="UnsafeFileException">A file or directory is not as it must be, or a seed has neither passphrase.</exception>
    /// <exception cref="KeysBusyException">Another process changes the keys.</exception>
    public int Rekey(KeyVault before, KeyVault after) => Convert((path, key) =>
    {
        if (key is { Seed: null, SealedSeed: null } || (key.SealedSeed is not null && IsOpenedBy(after, key, path)))
        {
            return null;
        }

        var seed = key.Seed ?? before.OpenSeed(key, path);
        return recipe => after.Seal(key with { Seed = seed, SealedSeed = null }, recipe);
    });

    private static bool IsOpenedBy(KeyVault vault, StoredKey key, string path)
    {
        try
        {
            CryptographicOperations.ZeroMemory(vault.OpenSeed(key, path));
            return true;
        }
        catch (UnsafeFileException)
        {
            return false;
        }
    }

    private int Convert(Func<string, StoredKey, Func<SealingRecipe, StoredKey>?> plan)
    {
        using var held = KeyLock.Take(_dataDirectory);
        var steps = new List<(KeyFolder Folder, Func<SealingRecipe, StoredKey> Make)>();
        SealingRecipe? done = null;
        foreach (var folder in _folders.Where(static folder => folder.Exists))
        {
            foreach (var (path, key) in folder.ReadAll())
            {
                if (plan(path, key) is { } make)
                {
                    steps.Add((folder, make));
                }
                else
                {
                    done ??= key.SealedSeed?.Recipe;
                }
            }
        }

        // One salt for all, so that one derivation opens all; that of the files which are done already.
        var recipe = done ?? SealingRecipe.New();
        foreach (var (folder, make) in steps)
        {
            var key = make(recipe);
            folder.Write(key);
            CryptographicOperations.ZeroMemory(key.Seed);
        }

        foreach (var folder in _folders)
        {
            folder.RemoveLeftovers();
        }

        return steps.Count;
    }
}
