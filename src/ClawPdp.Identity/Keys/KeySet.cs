using System.Collections.Immutable;

namespace ClawPdp.Identity.Keys;

/// <summary>The usable keys of one issuer, as of one fetch.</summary>
internal sealed class KeySet
{
    private readonly ImmutableArray<VerificationKey> _keys;

    public KeySet(ImmutableArray<VerificationKey> keys, int ignoredCount)
    {
        _keys = keys;
        IgnoredCount = ignoredCount;
    }

    public static KeySet Empty { get; } = new([], 0);

    public int Count => _keys.Length;

    /// <summary>Gets how many entries of the document were passed over as unusable.</summary>
    public int IgnoredCount { get; }

    public bool Contains(string keyId) => _keys.Any(key => string.Equals(key.Id, keyId, StringComparison.Ordinal));

    /// <summary>
    /// Gives the one key with this id that serves the algorithm; none when no key or more than one does.
    /// </summary>
    public VerificationKey? Find(string keyId, string algorithm)
    {
        VerificationKey? found = null;
        foreach (var key in _keys)
        {
            if (!string.Equals(key.Id, keyId, StringComparison.Ordinal) || !key.Serves(algorithm))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = key;
        }

        return found;
    }
}
