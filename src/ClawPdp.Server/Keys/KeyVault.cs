using System.Security.Cryptography;
using ClawPdp.Crypto;
using ClawPdp.Crypto.Sealing;
using ClawPdp.Files;

namespace ClawPdp.Server.Keys;

/// <summary>Opens and seals seeds with the installation's passphrase. Without one, seeds are plain. Safe for concurrent use.</summary>
internal sealed class KeyVault : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<SealingRecipe, SealingKey> _derived = [];
    private readonly PassphraseFile? _passphrase;
    private readonly bool _allowsPlain;

    /// <param name="passphrase">Where the passphrase lies; <see langword="null"/> for none.</param>
    /// <param name="allowsPlain">Whether plain seeds may stand beside sealed ones.</param>
    public KeyVault(PassphraseFile? passphrase, bool allowsPlain = false)
    {
        _passphrase = passphrase;
        _allowsPlain = allowsPlain;
    }

    /// <summary>Gets the vault without a passphrase.</summary>
    public static KeyVault Plain { get; } = new(passphrase: null);

    /// <summary>Refuses plain seeds where all should be sealed.</summary>
    /// <param name="keys">The keys with their files.</param>
    /// <exception cref="UnsafeFileException">There is a plain seed beside a passphrase, or beside a sealed one.</exception>
    public void CheckAlike(IReadOnlyCollection<(string Path, StoredKey Key)> keys)
    {
        if (!_allowsPlain
            && (_passphrase is not null || keys.Any(static item => item.Key.SealedSeed is not null))
            && keys.FirstOrDefault(static item => item.Key.Seed is not null) is { Path: { } path })
        {
            throw new UnsafeFileException($"the key file `{path}` is not encrypted, as the others should be; run: clawpdp keys encrypt (docs/keys.md)");
        }
    }

    /// <summary>Opens a key that may sign.</summary>
    /// <param name="key">The key.</param>
    /// <param name="path">Its file, for the message.</param>
    /// <exception cref="UnsafeFileException">There is no passphrase, or it is another one.</exception>
    public Ed25519SigningKey Open(StoredKey key, string path)
    {
        if (key.Seed is { } plain)
        {
            return Ed25519SigningKey.FromSeed(plain);
        }

        var seed = OpenSeed(key, path);
        try
        {
            return Ed25519SigningKey.FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Gives the seed of a sealed key; the caller wipes it.</summary>
    /// <exception cref="UnsafeFileException">There is no passphrase, or it is another one.</exception>
    public byte[] OpenSeed(StoredKey key, string path)
    {
        var box = key.SealedSeed ?? throw new InvalidOperationException("the key has no sealed seed");
        if (_passphrase is null)
        {
            throw new UnsafeFileException($"the key file `{path}` is encrypted, and no passphrase is given (docs/keys.md)");
        }

        var seed = GC.AllocateArray<byte>(Ed25519SigningKey.SeedSizeBytes, pinned: true);
        lock (_lock)
        {
            if (KeyOf(box.Recipe, _passphrase).TryOpen(box, key.Purpose, key.PublicKey, seed) && StoredKeyDocument.IsOf(seed, key.PublicKey))
            {
                return seed;
            }

            Forget(box.Recipe);
        }

        CryptographicOperations.ZeroMemory(seed);
        throw new UnsafeFileException($"the key file `{path}` cannot be opened with the passphrase in `{_passphrase.Path}`: it is the wrong one, or the file was changed");
    }

    /// <summary>Gives the key with its seed sealed; without a passphrase, as it is.</summary>
    /// <param name="key">A key with a plain seed.</param>
    /// <param name="recipe">The recipe that other keys are sealed with, so that one derivation opens all; <see langword="null"/> when none is.</param>
    /// <exception cref="UnsafeFileException">The passphrase cannot be read, or there is none and other keys are sealed.</exception>
    public StoredKey Seal(StoredKey key, SealingRecipe? recipe)
    {
        if (_passphrase is null && recipe is not null && !_allowsPlain)
        {
            throw new UnsafeFileException("the other keys are encrypted, and no passphrase is given for a new one (docs/keys.md)");
        }

        if (_passphrase is null || key.Seed is not { } seed)
        {
            return key;
        }

        lock (_lock)
        {
            var box = KeyOf(recipe ?? SealingRecipe.New(), _passphrase).Seal(key.Purpose, key.PublicKey, seed);
            return key with { Seed = null, SealedSeed = box };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var key in _derived.Values)
            {
                key.Dispose();
            }

            _derived.Clear();
        }
    }

    // The passphrase may have been changed since: the next attempt reads it again.
    private void Forget(SealingRecipe recipe)
    {
        if (_derived.Remove(recipe, out var key))
        {
            key.Dispose();
        }
    }

    private SealingKey KeyOf(SealingRecipe recipe, PassphraseFile file)
    {
        if (_derived.TryGetValue(recipe, out var known))
        {
            return known;
        }

        var passphrase = file.Read();
        try
        {
            var derived = SealingKey.Derive(passphrase, recipe);
            _derived.Add(recipe, derived);
            return derived;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }
}
