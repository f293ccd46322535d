using System.Collections.Immutable;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Keys;

/// <summary>All keys of the installation at one moment.</summary>
internal sealed class KeyRing
{
    public KeyRing(ImmutableArray<StoredKey> keys) => Keys = keys;

    /// <summary>Gets every key, by purpose and then newest first.</summary>
    public ImmutableArray<StoredKey> Keys { get; }

    /// <summary>Gives the newest key of a purpose that may sign.</summary>
    /// <returns>The key, or <see langword="null"/> when there is none.</returns>
    public StoredKey? ActiveOf(KeyPurpose purpose) => Keys.FirstOrDefault(key => key.Purpose == purpose && key.CanSign);

    /// <summary>Gives the keys of a purpose that verify at an instant, the active one first.</summary>
    public IEnumerable<StoredKey> AcceptedOf(KeyPurpose purpose, DateTimeOffset now) =>
        Keys.Where(key => key.Purpose == purpose && (key.NotAfter is not { } end || now <= end));
}
