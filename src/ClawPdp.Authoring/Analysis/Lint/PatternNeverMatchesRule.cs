using System.Globalization;
using ClawPdp.Authoring.Analysis.Names;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds patterns that no valid name of their dimension matches.</summary>
internal sealed class PatternNeverMatchesRule : ILintRule
{
    private const string Hint =
        "tool names have no spaces and no empty, `.` or `..` segments, so no slash at an end; model names have no spaces; hosts are lower case, without port, path and final dot; none has a star in it";

    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            var actions = LintSubject.AskedActionsOf(statement).ToList();
            foreach (var (index, resource) in statement.Resources.Index())
            {
                if (actions.Count > 0 && actions.All(action => !subject.Explorer.NamesOf(action).Names.Any(name => resource.Matches(name)) && NeverMatches(NamePattern.Of(resource), action)))
                {
                    yield return Find(subject, place, statement, LintSubject.PointerOf(place, "resources", index.ToString(CultureInfo.InvariantCulture)), resource.Text, actions);
                }
            }

            foreach (var condition in statement.Conditions.Where(static condition => condition.Operator is ConditionOperator.StringEquals or ConditionOperator.StringLike))
            {
                var action = Dimensions.DimensionOf(condition.Key.Name);
                var pattern = condition.Pattern is { } glob ? NamePattern.Of(glob) : NamePattern.Of(condition.Expected);
                if (action != PolicyAction.Unspecified && condition.Key.Kind != ContextValueKind.Number && NeverMatches(pattern, action))
                {
                    yield return Find(subject, place, statement, LintSubject.PointerOf(place, condition), condition.Expected, [action]);
                }
            }
        }

        if (subject.Chain.Policy is WpcV1 { Models: var models })
        {
            foreach (var (index, model) in models.Index().Where(static entry => NeverMatches(NamePattern.OfStars(entry.Item, ignoreCase: true), PolicyAction.ModelInvoke)))
            {
                yield return subject.Find(LintCodes.PatternNeverMatches, LintSeverity.Warning, string.Create(CultureInfo.InvariantCulture, $"/allowed_models/{index}"), $"no model has a name like `{model}`", Hint);
            }
        }
    }

    // What may also be a file's path or the like is no mistake for certain.
    private static LintFinding Find(LintSubject subject, int place, PolicyStatement statement, string pointer, string text, List<PolicyAction> actions)
    {
        var severity = statement.MatchedActions.Length > LintSubject.AskedActionsOf(statement).Count() ? LintSeverity.Note
            : statement.Effect == Effect.Deny ? LintSeverity.Error
            : LintSeverity.Warning;
        return subject.Find(LintCodes.PatternNeverMatches, severity, place, pointer, $"no {string.Join(" or ", actions.Select(Dimensions.WordOf))} has a name like `{text}`", Hint);
    }

    private static bool NeverMatches(NamePattern pattern, PolicyAction action)
    {
        if (action == PolicyAction.NetworkEgress)
        {
            var (hosts, isComplete) = HostExplorer.Explore([pattern], []);
            return isComplete && !hosts.Any(host => Matches(pattern, host));
        }

        var found = NameExplorer.Explore([pattern], action == PolicyAction.ToolExecute ? PrintableGrammar.OfTools : PrintableGrammar.OfModels);
        return found.IsComplete && found.Classes.All(static item => item.Matched.Items.IsEmpty);
    }

    private static bool Matches(NamePattern pattern, string host)
    {
        var set = new PatternSet([pattern]);
        return !set.MatchedAt(host.Aggregate(set.Start(), set.Step)).Items.IsEmpty;
    }
}
