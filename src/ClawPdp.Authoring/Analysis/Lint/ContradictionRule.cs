using System.Collections.Immutable;
using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds conditions of one statement on one key that no value of it meets.</summary>
internal sealed class ContradictionRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            foreach (var conditions in statement.Conditions.GroupBy(static condition => condition.Key.Name, StringComparer.Ordinal))
            {
                if (subject.IsComplete && Values(subject, conditions.Key).Where(static value => value is not null).All(value => conditions.Any(condition => condition.Evaluate(value) != ConditionOutcome.True)))
                {
                    yield return Find(subject, place, statement, conditions.Key, [.. conditions]);
                }
            }
        }
    }

    private static ImmutableArray<string?> Values(LintSubject subject, string key)
    {
        var action = key is Dimensions.PortKey ? PolicyAction.Unspecified : Dimensions.DimensionOf(key);
        return action == PolicyAction.Unspecified ? subject.Explorer.ValuesOf(key) : [.. subject.Explorer.NamesOf(action).Names];
    }

    private static LintFinding Find(LintSubject subject, int place, PolicyStatement statement, string key, ImmutableArray<PolicyCondition> conditions)
    {
        var what = conditions.Length == 1 ? $"no value of {key} meets {Write(conditions[0])}" : $"no value of {key} meets {string.Join(" and ", conditions.Select(Write))} at once";
        var (severity, then) = statement.Effect == Effect.Deny ? (LintSeverity.Error, "the Deny matches at most where the key cannot be evaluated") : (LintSeverity.Warning, "the Allow never matches");
        return subject.Find(LintCodes.Contradiction, severity, place, LintSubject.PointerOf(place, "conditions"), $"{what}: {then}", "all conditions of a statement must hold; alternatives are statements of their own");
    }

    private static string Write(PolicyCondition condition) => $"{condition.Operator} `{condition.Expected}`";
}
