using System.Collections.Concurrent;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// Numbers the names of series in the order in which they come, and no more than there is room for: all further ones are one. Safe for
/// concurrent use.
/// </summary>
internal sealed class SeriesNames
{
    /// <summary>The name of those that there was no room for.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly string[] _names;
    private readonly int _ownMax;
    private readonly Lock _adding = new();
    private int _count;

    private SeriesNames(int countMax, int ownMax)
    {
        _names = new string[countMax];
        _ownMax = ownMax;
    }

    /// <summary>Gets how many there may be.</summary>
    public int CountMax => _names.Length;

    /// <summary>Gets how many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets the name of a number.</summary>
    public string this[int number] => _names[number];

    /// <summary>Makes the names of a fixed set.</summary>
    public static SeriesNames Of(params ReadOnlySpan<string> names)
    {
        var set = new SeriesNames(names.Length, names.Length);
        foreach (var name in names)
        {
            _ = set.NumberOf(name);
        }

        return set;
    }

    /// <summary>Makes a set that grows as names come.</summary>
    /// <param name="countMax">How many there may be, <see cref="Other"/> included.</param>
    public static SeriesNames Growing(int countMax) => new(countMax, countMax - 1);

    /// <summary>Gives the number of a name, which a fixed set must have.</summary>
    public int NumberOf(string name) => _numbers.TryGetValue(name, out var number) ? number : Add(name);

    private int Add(string name)
    {
        lock (_adding)
        {
            if (_numbers.TryGetValue(name, out var number))
            {
                return number;
            }

            number = Math.Min(_count, _ownMax);
            if (_count < _names.Length)
            {
                _names[number] = number < _ownMax ? name : Other;
                Volatile.Write(ref _count, number + 1);
            }

            if (number < _ownMax)
            {
                _numbers[name] = number;
            }

            return number;
        }
    }
}
