namespace ClawPdp.Core.Decisions;

/// <summary>What sidecar and auditor have in common about reporting what a decision allowed.</summary>
public static class ReportRules
{
    /// <summary>How long what a decision allowed may be reported on its grounds: its hour, what was stated, the approval used up for it.</summary>
    public static readonly TimeSpan GroundsAgeMax = TimeSpan.FromHours(1);
}
