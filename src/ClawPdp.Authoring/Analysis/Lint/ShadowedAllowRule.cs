using ClawPdp.Core.Decisions;

namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Finds Allows that never take effect, as a Deny of the policy or of what it inherits matches wherever they do.</summary>
internal sealed class ShadowedAllowRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject)
    {
        foreach (var (place, statement) in subject.Statements.Index())
        {
            if (statement.Effect != Effect.Allow || !subject.Matches.IsAlwaysDenied(place) || !subject.IsComplete)
            {
                continue;
            }

            var denying = subject.Statements.Index().Where(other => other.Item.Effect == Effect.Deny && subject.Matches.IsCovered(place, other.Index)).Select(static other => $"`{other.Item.Sid}`").ToList();
            var what = denying.Count > 0 ? string.Join(" and ", denying) + (denying.Count > 1 ? " match" : " matches") : "some Deny of the policy or of what it inherits matches";
            yield return subject.Find(
                LintCodes.ShadowedAllow,
                LintSeverity.Warning,
                place,
                LintSubject.PointerOf(place),
                $"the Allow never takes effect: wherever it matches, {what} too",
                "a Deny always wins: narrow it, or remove the Allow");
        }
    }
}
