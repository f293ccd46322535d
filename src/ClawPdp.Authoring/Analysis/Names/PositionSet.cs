namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>An ordered set of numbers that compares by value: positions in patterns, or patterns.</summary>
internal sealed class PositionSet : IEquatable<PositionSet>
{
    private readonly int[] _items;
    private readonly int _hash;

    public PositionSet(int[] items)
    {
        _items = items;
        var hash = default(HashCode);
        foreach (var item in items)
        {
            hash.Add(item);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>Gets the numbers, ascending.</summary>
    public ReadOnlySpan<int> Items => _items;

    /// <inheritdoc/>
    public bool Equals(PositionSet? other) => other is not null && _hash == other._hash && Items.SequenceEqual(other._items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PositionSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
