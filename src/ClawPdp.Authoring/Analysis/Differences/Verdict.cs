namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>What a policy makes of a question, without and with a human's approval.</summary>
public enum Verdict
{
    /// <summary>Denied, whether a human approves or not.</summary>
    Deny = 0,

    /// <summary>Allowed if a human approves.</summary>
    NeedsApproval = 1,

    /// <summary>Allowed, whether a human approves or not.</summary>
    Allow = 2,

    /// <summary>Allowed unless a human approves: a policy can say so, though nobody means it.</summary>
    AllowUnlessApproved = 3,
}
