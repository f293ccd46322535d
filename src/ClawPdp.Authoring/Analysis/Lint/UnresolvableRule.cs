using ClawPdp.Authoring.Analysis.Questions;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds conditions on a dimension that the statement's actions are not about: the key has a value only if both are asked at once.</summary>
internal sealed class UnresolvableRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            foreach (var condition in statement.Conditions)
            {
                var action = Dimensions.DimensionOf(condition.Key.Name);
                if (action == PolicyAction.Unspecified || statement.MatchedActions.Contains(action))
                {
                    continue;
                }

                var effect = statement.Effect == Effect.Deny ? "the Deny matches whatever else holds" : "the Allow does not match";
                yield return subject.Find(
                    LintCodes.AlwaysUnresolvable,
                    LintSeverity.Warning,
                    place,
                    LintSubject.PointerOf(place, condition),
                    $"{condition.Key.Name} has no value unless the same question asks for a {Dimensions.WordOf(action)} too; without one {effect}",
                    $"fine if callers always ask for both at once; else put it into a statement for {PolicyActions.NameOf(action)}");
            }
        }
    }
}
