using System.Collections.Frozen;

namespace ClawPdp.Engine.Tokens;

/// <summary>The token keys accepted now, and the tokens already verified with them; another set starts with an empty cache.</summary>
public sealed class KeySet
{
    private readonly FrozenDictionary<string, VerificationKey> _keys;

    /// <summary>Initializes a new instance of the <see cref="KeySet"/> class.</summary>
    /// <param name="keys">The accepted keys.</param>
    /// <param name="loadedAt">When the keys were read.</param>
    public KeySet(IEnumerable<VerificationKey> keys, DateTimeOffset loadedAt)
    {
        _keys = keys.ToFrozenDictionary(static key => key.Key.KeyId, StringComparer.Ordinal);
        LoadedAt = loadedAt;
    }

    /// <summary>Gets when the keys were read.</summary>
    public DateTimeOffset LoadedAt { get; }

    /// <summary>Gets how many verified tokens are remembered.</summary>
    public int VerifiedCount => Verified.Count;

    /// <summary>Gets what stands for this very set, by reference.</summary>
    internal object Id { get; } = new();

    internal TokenCache Verified { get; } = new();

    /// <summary>Finds a key by its id.</summary>
    public VerificationKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);
}
