namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>One thing that is looked for in a policy.</summary>
internal interface ILintRule
{
    /// <summary>Looks for it.</summary>
    IEnumerable<LintFinding> Check(LintSubject subject);
}
