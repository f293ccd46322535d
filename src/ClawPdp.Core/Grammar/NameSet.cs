namespace ClawPdp.Core.Grammar;

/// <summary>
/// Names that are looked up exactly, by UTF-16 units. A token has few of them, and one comparison each costs less than what it takes to
/// build a table; many are hashed. Immutable; looking up allocates nothing.
/// </summary>
internal sealed class NameSet
{
    private const int FewMax = 8;

    private static readonly NameSet Empty = new([], null);

    private readonly string[] _few;
    private readonly HashSet<string>? _many;

    private NameSet(string[] few, HashSet<string>? many)
    {
        _few = few;
        _many = many;
    }

    /// <summary>Gets a value indicating whether there is no name.</summary>
    public bool IsEmpty => _few.Length == 0 && _many is null;

    /// <summary>Holds the names.</summary>
    public static NameSet Of(List<string> names) => names.Count switch
    {
        0 => Empty,
        <= FewMax => new([.. names], null),
        _ => new([], new HashSet<string>(names, StringComparer.Ordinal)),
    };

    /// <summary>Tells whether a name is among them.</summary>
    public bool Contains(ReadOnlySpan<char> name)
    {
        if (_many is not null)
        {
            return _many.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
        }

        foreach (var known in _few)
        {
            if (name.SequenceEqual(known))
            {
                return true;
            }
        }

        return false;
    }
}
