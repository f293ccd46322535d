using System.Collections.Immutable;
using System.Security.Cryptography;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>All keys of the installation at one moment.</summary>
internal sealed class KeyRing
{
    /// <param name="keys">Every key.</param>
    /// <param name="now">The moment, which decides which keys sign already.</param>
    public KeyRing(IEnumerable<StoredKey> keys, DateTimeOffset now)
    {
        Keys =
        [
            .. keys.OrderBy(static key => key.Purpose)
                .ThenByDescending(static key => key.SignsAt)
                .ThenByDescending(static key => key.CreatedAt)
                .ThenBy(static key => key.PublicKey.KeyId, StringComparer.Ordinal),
        ];
        Now = now;
    }

    /// <summary>Gets every key, by purpose and then newest first.</summary>
    public ImmutableArray<StoredKey> Keys { get; }

    /// <summary>Gets the moment.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>
    /// Gives the key of a purpose that signs: the newest whose time has come. Where none's has, as after a clock was set back, it is the one
    /// whose time comes first: an installation that has a key never stands without one.
    /// </summary>
    /// <returns>The key, or <see langword="null"/> when there is none.</returns>
    public StoredKey? ActiveOf(KeyPurpose purpose)
    {
        var signing = Keys.Where(key => key.Purpose == purpose && key.CanSign).ToList();
        return signing.Find(key => key.SignsAt <= Now) ?? signing.LastOrDefault();
    }

    /// <summary>Gives the keys of a purpose that verify at an instant, the one that signs first.</summary>
    public IEnumerable<StoredKey> AcceptedOf(KeyPurpose purpose, DateTimeOffset now)
    {
        var active = ActiveOf(purpose);
        return Keys.Where(key => key.Purpose == purpose && (key.NotAfter is not { } end || now <= end)).OrderBy(key => ReferenceEquals(key, active) ? 0 : 1);
    }

    /// <summary>Gives the keys that could still sign and were replaced by one that does.</summary>
    public IEnumerable<(StoredKey Replaced, StoredKey By)> Replaced()
    {
        foreach (var key in Keys.Where(static key => key.CanSign))
        {
            if (ActiveOf(key.Purpose) is { } active && !ReferenceEquals(active, key) && key.SignsAt <= Now)
            {
                yield return (key, active);
            }
        }
    }

    /// <summary>Wipes the plain seeds from memory; the keys cannot be opened or written after that.</summary>
    public void Wipe()
    {
        foreach (var key in Keys)
        {
            CryptographicOperations.ZeroMemory(key.Seed);
        }
    }
}
