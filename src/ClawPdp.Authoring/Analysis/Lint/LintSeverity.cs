namespace ClawPdp.Authoring.Analysis.Lint;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing.</summary>
    Note = 0,

    /// <summary>Most likely not what was meant.</summary>
    Warning = 1,

    /// <summary>A protection that is not there.</summary>
    Error = 2,
}
