using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds statements that match no question at all.</summary>
internal sealed class UnreachableRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            if (subject.Matches.IsMatched(place) || !subject.IsComplete)
            {
                continue;
            }

            var severity = statement.Effect == Effect.Deny ? LintSeverity.Error : LintSeverity.Warning;
            var (why, hint) = Why(subject, statement);
            yield return subject.Find(LintCodes.UnreachableStatement, severity, place, LintSubject.PointerOf(place), "the statement never matches: " + why, hint);
        }
    }

    private static (string Why, string Hint) Why(LintSubject subject, PolicyStatement statement)
    {
        var actions = LintSubject.AskedActionsOf(statement).ToList();
        if (actions.Count == 0)
        {
            return ("the sidecar is never asked about its actions", "it is asked about " + string.Join(", ", PolicyActions.Asked.Select(PolicyActions.NameOf)));
        }

        var isNamed = actions.Any(action => subject.Explorer.NamesOf(action).Names.Any(name => statement.NamesResource(action, name)));
        return isNamed
            ? ("its conditions never hold together with its resources", "look at conditions that exclude each other, or exclude the resources")
            : ($"no {string.Join(" or ", actions.Select(Dimensions.WordOf))} has such a name", "see PATTERN_NEVER_MATCHES for what names look like");
    }
}
