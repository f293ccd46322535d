using System.Runtime.InteropServices;

namespace ClawPdp.Server.Overload;

/// <summary>Counts by name. What is at zero is forgotten, so that names of the past take no memory. Its user's lock is around it.</summary>
/// <typeparam name="TName">What is counted by.</typeparam>
internal sealed class NamedCounts<TName>
    where TName : notnull
{
    private readonly Dictionary<TName, long> _counts;

    public NamedCounts(IEqualityComparer<TName>? comparer = null) => _counts = new Dictionary<TName, long>(comparer);

    /// <summary>Gets how many names are remembered.</summary>
    public int NameCount => _counts.Count;

    /// <summary>Gives the count of a name.</summary>
    public long Of(TName name) => _counts.GetValueOrDefault(name);

    /// <summary>Adds to the count of a name.</summary>
    public void Add(TName name, long amount = 1) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, name, out _) += amount;

    /// <summary>Takes from the count of a name what was added to it.</summary>
    public void Take(TName name, long amount = 1)
    {
        var left = _counts.GetValueOrDefault(name) - amount;
        if (left > 0)
        {
            _counts[name] = left;
        }
        else
        {
            _counts.Remove(name);
        }
    }
}
