using System.Collections.Immutable;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Tests;

/// <summary>Lineages that a test states.</summary>
internal sealed class KnownLineages : ILineageSource
{
    private readonly Dictionary<string, ImmutableArray<AncestorToken>> _known = new(StringComparer.Ordinal);

    /// <summary>Gets how often a lineage was asked for.</summary>
    public int AskedCount { get; private set; }

    public void Add(string tokenHash, params ImmutableArray<AncestorToken> ancestors) => _known[tokenHash] = ancestors;

    public ImmutableArray<AncestorToken>? Find(string tokenHash)
    {
        AskedCount++;
        return _known.TryGetValue(tokenHash, out var found) ? found : null;
    }
}
