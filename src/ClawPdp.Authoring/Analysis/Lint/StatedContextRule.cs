using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds statements that hang on what the caller says, which is no evidence.</summary>
internal sealed class StatedContextRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            foreach (var condition in statement.Conditions.Where(static condition => condition.Key.IsStated))
            {
                if (statement.Effect == Effect.Allow)
                {
                    yield return subject.Find(
                        LintCodes.AllowOnStatedContext,
                        LintSeverity.Note,
                        place,
                        LintSubject.PointerOf(place, condition),
                        $"the Allow believes the caller's word for {condition.Key.Name}",
                        "whoever may ask may say so: it narrows by convention, not by force");
                }
                else if (FindEvasion(subject, condition) is { } evasion)
                {
                    yield return subject.Find(
                        LintCodes.DenyOnStatedContext,
                        LintSeverity.Warning,
                        place,
                        LintSubject.PointerOf(place, condition),
                        $"the Deny can be evaded: the caller states {condition.Key.Name}, and with {(evasion.Length == 0 ? "an empty value" : $"`{evasion}`")} it does not match",
                        "deny without the condition, and allow under the opposite one");
                }
            }
        }
    }

    private static string? FindEvasion(LintSubject subject, PolicyCondition condition) =>
        subject.Explorer.ValuesOf(condition.Key.Name).Where(value => condition.Evaluate(value) == ConditionOutcome.False).OrderBy(static value => value is "").FirstOrDefault();
}
