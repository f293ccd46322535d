namespace ClawPdp.Core.Policies;

/// <summary>What came of a statement.</summary>
public sealed class StatementTrace
{
    internal StatementTrace(PolicyStatement statement) => Statement = statement;

    /// <summary>Gets the statement.</summary>
    public PolicyStatement Statement { get; }

    /// <summary>Gets a value indicating whether one of its actions matched.</summary>
    public bool ActionMatched { get; internal set; }

    /// <summary>Gets the first of its resources that matched; <see langword="null"/> when none did.</summary>
    public string? MatchedResource { get; internal set; }

    /// <summary>Gets what came of each condition, in the policy's order.</summary>
    public IList<ConditionTrace> Conditions { get; } = [];

    /// <summary>Gets a value indicating whether the statement matched.</summary>
    public bool Matched { get; internal set; }
}
