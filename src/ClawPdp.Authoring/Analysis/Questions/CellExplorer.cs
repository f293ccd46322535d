using System.Collections.Immutable;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>
/// Gives a question of every kind that the policies at hand tell from others: names of every kind, with the other dimensions where a
/// statement that may match looks at them, and values of the keys. Values are chosen key after key; choices that leave the same statements
/// standing are one.
/// </summary>
internal sealed class CellExplorer
{
    /// <summary>The most questions that are made of one set of names.</summary>
    public const int CellsOfNamesMax = 20_000;

    /// <summary>The most questions about one dimension.</summary>
    public const int CellsMax = 500_000;

    private readonly ImmutableArray<WorkPolicyContract> _policies;
    private readonly ExtraNames _extra;
    private readonly GuardBuilder _guards;
    private readonly KeyValues _values;
    private readonly Dictionary<PolicyAction, NameSpace> _spaces = [];
    private readonly SortedSet<string> _incomplete = new(StringComparer.Ordinal);

    /// <summary>Prepares for some policies.</summary>
    /// <param name="policies">The policies that are to be told apart by, each once.</param>
    /// <param name="extra">Patterns to tell names apart by as well.</param>
    /// <param name="looksAtApproval">Whether a human's approval is a key like others; if not, whoever takes a question asks it both ways.</param>
    public CellExplorer(IEnumerable<WorkPolicyContract> policies, ExtraNames extra, bool looksAtApproval)
    {
        _policies = [.. policies.DistinctBy(static policy => policy.PolicyHash, StringComparer.Ordinal)];
        _extra = extra;
        _guards = new GuardBuilder(_policies, extra, looksAtApproval);
        _values = new KeyValues(_policies, extra);
    }

    /// <summary>Gets what was not looked at to the end, a sentence each; nothing means that no question was left out.</summary>
    public IEnumerable<string> Incomplete =>
        _incomplete.Concat(_values.Incomplete.Select(static key => $"the values of {key}: patterns and numbers, truth values or addresses are compared with it at once, or there are too many patterns"));

    /// <summary>Gives the kinds of names of a dimension.</summary>
    public NameSpace NamesOf(PolicyAction action)
    {
        if (!_spaces.TryGetValue(action, out var space))
        {
            space = NameSpaceBuilder.Build(_policies, action, _extra);
            _spaces.Add(action, space);
            if (!space.IsComplete)
            {
                _incomplete.Add($"the names of {Dimensions.WordOf(action)}s: there are too many kinds, or patterns tell addresses apart by their digits");
            }
        }

        return space;
    }

    /// <summary>Gives the questions that are about one dimension.</summary>
    public IEnumerable<Cell> CellsOf(PolicyAction action)
    {
        var count = 0;
        foreach (var asked in NamesOf(action).Names.SelectMany(name => Complete(Asked.One(action, name))))
        {
            foreach (var facts in FactsOf(action, asked))
            {
                if (++count > CellsMax)
                {
                    _incomplete.Add($"the questions about {Dimensions.WordOf(action)}s: there are more than {CellsMax} kinds");
                    yield break;
                }

                yield return new Cell(action, asked, facts);
            }
        }
    }

    /// <summary>Gives the values that a key may have.</summary>
    public ImmutableArray<string?> ValuesOf(string key) => _values.Of(key);

    private IEnumerable<Asked> Complete(Asked asked)
    {
        var next = _guards.NextDimension(asked);
        return next == PolicyAction.Unspecified
            ? [asked]
            : NamesOf(next).Names.Prepend(null).SelectMany(name => Complete(asked.With(next, name)));
    }

    private IEnumerable<ImmutableSortedDictionary<string, string?>> FactsOf(PolicyAction action, Asked asked)
    {
        var guards = _guards.Build(asked);
        var alive = AliveSet.Of(guards.Length, static _ => true);
        var choices = new Dictionary<AliveSet, Assignment?> { [alive] = null };
        foreach (var key in guards.SelectMany(static guard => guard.Atoms).Select(static atom => atom.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            choices = Choose(choices, key, LeftBy(key, guards));
            if (choices.Count > CellsOfNamesMax)
            {
                _incomplete.Add($"the context of {Dimensions.WordOf(action)}s: there are more than {CellsOfNamesMax} kinds for one name");
                choices = choices.Take(CellsOfNamesMax).ToDictionary();
            }
        }

        return choices.Values.Select(static last => Assignment.All(last).ToImmutableSortedDictionary(static item => item.Key, static item => item.Value, StringComparer.Ordinal));
    }

    // What each value of a key leaves standing; of values that leave the same, the first.
    private List<(AliveSet Left, string? Value)> LeftBy(string key, ImmutableArray<Guard> guards)
    {
        var left = new Dictionary<AliveSet, string?>();
        foreach (var value in _values.Of(key))
        {
            left.TryAdd(
                AliveSet.Of(guards.Length, place => guards[place].Atoms.All(atom => !string.Equals(atom.Key, key, StringComparison.Ordinal) || atom.Holds(value))),
                value);
        }

        return [.. left.Select(static pair => (pair.Key, pair.Value))];
    }

    private static Dictionary<AliveSet, Assignment?> Choose(Dictionary<AliveSet, Assignment?> choices, string key, List<(AliveSet Left, string? Value)> values)
    {
        var chosen = new Dictionary<AliveSet, Assignment?>();
        foreach (var (alive, before) in choices)
        {
            foreach (var (left, value) in values)
            {
                chosen.TryAdd(alive.And(left), new Assignment(before, key, value));
            }
        }

        return chosen;
    }
}
