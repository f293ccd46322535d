namespace ClawPdp.Core.Policies;

/// <summary>What comes of a condition. The default can never lead to an allow.</summary>
public enum ConditionOutcome
{
    /// <summary>It cannot be evaluated: an Allow does not match, and a Deny counts it as holding.</summary>
    Unresolvable = 0,

    /// <summary>It does not hold.</summary>
    False = 1,

    /// <summary>It holds.</summary>
    True = 2,
}
