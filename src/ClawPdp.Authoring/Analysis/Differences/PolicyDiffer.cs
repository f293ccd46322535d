using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>
/// Finds how the meaning of two policies differs: the evaluator itself answers a question of every kind for both. A question about several
/// dimensions that is answered differently is always found by one of them: by the first dimension that is not allowed, asked together with
/// those alone that its statements look at.
/// </summary>
public static class PolicyDiffer
{
    /// <summary>Compares.</summary>
    /// <param name="before">The old policy, with what it inherits.</param>
    /// <param name="after">The new policy, with what it inherits.</param>
    /// <param name="withReasons">Whether denials whose reason alone differs are changes.</param>
    public static PolicyDifference Compare(PolicyChain before, PolicyChain after, bool withReasons = false)
    {
        var explorer = new CellExplorer(before.Links.Concat(after.Links), ExtraNames.None, looksAtApproval: false);
        var groups = new Dictionary<(PolicyAction, Verdict, Verdict, string, string), ChangeGroup>();
        foreach (var cell in PolicyActions.Asked.SelectMany(explorer.CellsOf))
        {
            var (old, now) = (Side.Of(before, cell), Side.Of(after, cell));
            if (!IsChange(old, now, withReasons) || !IsAbout(cell, before, after, old, now))
            {
                continue;
            }

            var key = (cell.Action, old.Verdict, now.Verdict, old.Reason, now.Reason);
            var found = new ChangeGroup(cell, old, now);
            if (!groups.TryAdd(key, found))
            {
                groups[key].Take(found);
            }
        }

        var changes = ChangeGroup.Merge(groups.Values).Select(group => Change(group, before, after, explorer))
            .OrderBy(static change => change.Action).ThenBy(static change => (change.Before.Verdict, change.After.Verdict) is (Verdict.Allow, _) ? 0 : 1)
            .ThenBy(static change => change.Before.Verdict).ThenBy(static change => change.After.Verdict)
            .ThenBy(static change => change.Witness.ToString().Length).ThenBy(static change => change.Witness.ToString(), StringComparer.Ordinal);
        return new PolicyDifference([.. changes], [.. explorer.Incomplete]);
    }

    private static bool IsChange(Side old, Side now, bool withReasons) =>
        old.Verdict != now.Verdict || (withReasons && old.Verdict == Verdict.Deny && !IsSameReason(old, now));

    // What a receiver of the answer can see of it: the failure, and which statements deny.
    private static bool IsSameReason(Side old, Side now) => old.Failure == now.Failure && old.Statements.SequenceEqual(now.Statements, StringComparer.Ordinal);

    // A question about two dimensions is looked at once for each: it belongs to the one that is not allowed.
    private static bool IsAbout(Cell cell, PolicyChain before, PolicyChain after, Side old, Side now)
    {
        if (cell.Asked.Names.Count == 1)
        {
            return true;
        }

        foreach (var approved in (ReadOnlySpan<bool>)[false, true])
        {
            var question = cell.Question with { HasHumanApproval = approved };
            var (oldOutcome, newOutcome) = (before.Evaluate(question), after.Evaluate(question));
            var differs = oldOutcome.IsAllowed != newOutcome.IsAllowed || old.Verdict == now.Verdict;
            if (differs && (oldOutcome.Action == cell.Action || newOutcome.Action == cell.Action))
            {
                return true;
            }
        }

        return false;
    }

    private static PolicyChange Change(ChangeGroup group, PolicyChain before, PolicyChain after, CellExplorer explorer)
    {
        var cell = group.Example;
        var (old, now) = (group.Before, group.After);
        return new PolicyChange(cell.Action, old, now, cell.Question, WitnessText.Of(cell, Matters), group.Count);

        // The values of a key under which the change is the same, all else being equal; a key that changes nothing is not worth a word.
        ImmutableArray<string?> Matters(string key)
        {
            var values = explorer.ValuesOf(key);
            ImmutableArray<string?> same = [.. values.Where(value => IsSame(cell.With(key, value)))];
            return same.Length == values.Length ? [] : same;
        }

        bool IsSame(Cell other) => Side.Of(before, other).Verdict == old.Verdict && Side.Of(after, other).Verdict == now.Verdict;
    }
}
