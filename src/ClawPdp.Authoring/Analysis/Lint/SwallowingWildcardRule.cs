using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds Allows for everything, and Allows for every name beside which narrower ones say nothing.</summary>
internal sealed class SwallowingWildcardRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            if (statement.Effect != Effect.Allow || !statement.Resources.Any(static resource => resource.IsAny))
            {
                continue;
            }

            var pointer = LintSubject.PointerOf(place, "resources");
            if (PolicyActions.Asked.All(statement.MatchedActions.Contains))
            {
                yield return subject.Find(
                    LintCodes.SwallowingWildcard,
                    LintSeverity.Warning,
                    place,
                    pointer,
                    statement.Conditions.IsEmpty ? "the Allow is for every tool, model and host" : "the Allow is for every tool, model and host where its conditions hold",
                    "write one Allow for each kind of action, with the names that are needed");
            }

            var swallowed = subject.Statements.Index().Where(other => other.Index != place && Swallows(subject, place, other.Index)).Select(static other => $"`{other.Item.Sid}`").ToList();
            if (swallowed.Count > 0)
            {
                yield return subject.Find(
                    LintCodes.SwallowingWildcard,
                    LintSeverity.Warning,
                    place,
                    pointer,
                    $"the wildcard makes narrower Allows pointless: {string.Join(", ", swallowed)}",
                    "remove the wildcard if the narrower ones are what is meant");
            }
        }
    }

    private static bool Swallows(LintSubject subject, int wide, int narrow) =>
        subject.IsComplete
        && subject.Statements[narrow].Effect == Effect.Allow
        && subject.Matches.IsCovered(narrow, wide)
        && !subject.Matches.IsCovered(wide, narrow);
}
