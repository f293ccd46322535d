namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Which guards can still hold, one bit each; compares by value.</summary>
internal sealed class AliveSet : IEquatable<AliveSet>
{
    private const int WordBits = 64;
    private readonly ulong[] _words;

    private AliveSet(ulong[] words) => _words = words;

    /// <summary>Makes the set of those that something holds for.</summary>
    public static AliveSet Of(int count, Func<int, bool> isAlive)
    {
        var words = new ulong[(count + WordBits - 1) / WordBits];
        for (var place = 0; place < count; place++)
        {
            words[place / WordBits] |= isAlive(place) ? 1UL << (place % WordBits) : 0;
        }

        return new AliveSet(words);
    }

    /// <summary>Gives those in both.</summary>
    public AliveSet And(AliveSet other)
    {
        var words = new ulong[_words.Length];
        for (var index = 0; index < words.Length; index++)
        {
            words[index] = _words[index] & other._words[index];
        }

        return new AliveSet(words);
    }

    /// <inheritdoc/>
    public bool Equals(AliveSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AliveSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var word in _words)
        {
            hash.Add(word);
        }

        return hash.ToHashCode();
    }
}
