using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>
/// Finds every set of patterns that some name matches, with a shortest such name: the automaton of all patterns together is made
/// deterministic as far as names lead, breadth first. This is exact: units that no position waits for are alike, so that one of them is
/// enough.
/// </summary>
internal static class NameExplorer
{
    /// <summary>The most states that are looked at.</summary>
    public const int StateCountMax = 200_000;

    /// <summary>Explores.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="grammar">Which names there are.</param>
    /// <param name="stateCountMax">Where to give up.</param>
    public static NameExploration Explore(IReadOnlyCollection<NamePattern> patterns, NameGrammar grammar, int stateCountMax = StateCountMax)
    {
        var set = new PatternSet(patterns);
        var nodes = new List<Node> { new(set.Start(), NameGrammar.Start, -1, '\0', 0) };
        var seen = new HashSet<(PositionSet, int)> { (nodes[0].Here, nodes[0].State) };
        var found = new Dictionary<PositionSet, string>();
        var unproved = new HashSet<PositionSet>();
        var units = new HashSet<char>();
        for (var at = 0; at < nodes.Count; at++)
        {
            var node = nodes[at];
            if (grammar.IsEnd(node.State))
            {
                Note(set.MatchedAt(node.Here), nodes, at, grammar, found, unproved);
            }

            if (node.Length == grammar.LengthMax)
            {
                continue;
            }

            var favourite = CollectUnits(set, node, grammar, units);
            foreach (var unit in units.OrderBy(unit => unit != favourite).ThenBy(static unit => unit))
            {
                var state = grammar.Step(node.State, unit);
                if (state != NameGrammar.Refused && set.Step(node.Here, unit) is var next && seen.Add((next, state)))
                {
                    if (nodes.Count == stateCountMax)
                    {
                        return new NameExploration(ClassesOf(found), IsComplete: false);
                    }

                    nodes.Add(new Node(next, state, at, unit, node.Length + 1));
                }
            }
        }

        return new NameExploration(ClassesOf(found), unproved.All(found.ContainsKey));
    }

    private static ImmutableArray<NameClass> ClassesOf(Dictionary<PositionSet, string> found) =>
        [.. found.Select(static pair => new NameClass(pair.Key, pair.Value)).OrderBy(static item => item.Witness.Length).ThenBy(static item => item.Witness, StringComparer.Ordinal)];

    // A text that the grammar lets pass and the program does not, such as a label that decodes to nothing, proves nothing either way.
    private static void Note(PositionSet matched, List<Node> nodes, int at, NameGrammar grammar, Dictionary<PositionSet, string> found, HashSet<PositionSet> unproved)
    {
        if (found.ContainsKey(matched))
        {
            return;
        }

        var text = TextOf(nodes, at);
        if (grammar.IsName(text))
        {
            found.Add(matched, text);
        }
        else
        {
            unproved.Add(matched);
        }
    }

    private static string TextOf(List<Node> nodes, int at)
    {
        var units = new char[nodes[at].Length];
        for (var place = units.Length - 1; place >= 0; place--)
        {
            units[place] = nodes[at].Unit;
            at = nodes[at].Before;
        }

        return new string(units);
    }

    // Gives the unit that stands for all others: it is tried first, as it makes names that are plain to read.
    private static char CollectUnits(PatternSet set, Node node, NameGrammar grammar, HashSet<char> units)
    {
        const char HighHalf = '\uD83D';
        const char LowHalf = '\uDE00';

        units.Clear();
        set.AddUnits(node.Here, units);
        var needsHigh = units.Any(char.IsLowSurrogate);
        var needsLow = node.Length > 0 && char.IsHighSurrogate(node.Unit);
        var favourite = grammar.Favourites.FirstOrDefault(unit => !units.Contains(unit));
        if (favourite != '\0')
        {
            units.Add(favourite);
        }

        units.UnionWith(grammar.Specials);
        if (needsHigh)
        {
            units.Add(HighHalf);
        }

        if (needsLow)
        {
            units.Add(LowHalf);
        }

        return favourite;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Node(PositionSet Here, int State, int Before, char Unit, int Length);
}
