namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>Says what was not looked at to the end: other rules then keep silent on what would have to hold for every question.</summary>
internal sealed class IncompleteRule : ILintRule
{
    /// <inheritdoc/>
    public IEnumerable<LintFinding> Check(LintSubject subject) =>
        subject.Incomplete.Select(what => subject.Find(LintCodes.Incomplete, LintSeverity.Warning, "", $"INCOMPLETE: {what}", "statements that never match, or never matter, may be among those not reported"));
}
