using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Questions;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>Kinds of questions that are answered differently for the same reasons.</summary>
internal sealed class ChangeGroup
{
    public ChangeGroup(Cell example, Side before, Side after)
    {
        Example = example;
        Before = before;
        After = after;
    }

    /// <summary>Gets the shortest of the questions.</summary>
    public Cell Example { get; private set; }

    /// <summary>Gets what the old policy makes of it.</summary>
    public Side Before { get; private set; }

    /// <summary>Gets what the new policy makes of it.</summary>
    public Side After { get; private set; }

    /// <summary>Gets how many kinds of questions there are.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>
    /// Merges groups for people: one in which more statements decide beside those of another says nothing new. The example stays that of the
    /// one with fewer.
    /// </summary>
    public static ImmutableArray<ChangeGroup> Merge(IEnumerable<ChangeGroup> groups)
    {
        var kept = ImmutableArray.CreateBuilder<ChangeGroup>();
        foreach (var group in groups.OrderBy(static group => group.Before.Statements.Length + group.After.Statements.Length))
        {
            if (kept.FirstOrDefault(group.IsWithin) is { } wider)
            {
                wider.Count += group.Count;
            }
            else
            {
                kept.Add(group);
            }
        }

        return kept.ToImmutable();
    }

    /// <summary>Takes another group with the same reasons in.</summary>
    public void Take(ChangeGroup other)
    {
        Count += other.Count;
        if (LengthOf(other.Example) < LengthOf(Example))
        {
            (Example, Before, After) = (other.Example, other.Before, other.After);
        }
    }

    private static int LengthOf(Cell cell) =>
        cell.Asked.Names.Values.Sum(static name => name?.Length ?? 0) + cell.Facts.Sum(static fact => fact.Value is null ? 0 : fact.Key.Length + fact.Value.Length);

    private static bool IsWithin(Side side, Side wider) =>
        side.Verdict == wider.Verdict
        && side.Failure == wider.Failure
        && side.Statements.IsEmpty == wider.Statements.IsEmpty
        && wider.Statements.All(sid => side.Statements.Contains(sid, StringComparer.Ordinal));

    private bool IsWithin(ChangeGroup wider) => Example.Action == wider.Example.Action && IsWithin(Before, wider.Before) && IsWithin(After, wider.After);
}
