namespace ClawPdp.Core.Policies;

/// <summary>How one policy came to what it says about one dimension.</summary>
public sealed class LinkTrace
{
    /// <summary>Initializes a new instance of the <see cref="LinkTrace"/> class.</summary>
    public LinkTrace(WorkPolicyContract policy, PolicyAction action, string resource)
    {
        Policy = policy;
        Action = action;
        Resource = resource;
    }

    /// <summary>Gets the policy.</summary>
    public WorkPolicyContract Policy { get; }

    /// <summary>Gets the dimension.</summary>
    public PolicyAction Action { get; }

    /// <summary>Gets the name asked for.</summary>
    public string Resource { get; }

    /// <summary>Gets what the policy says.</summary>
    public PolicyFailure Failure { get; internal set; }

    /// <summary>Gets every statement of a policy of version 2, in its order.</summary>
    public IList<StatementTrace> Statements { get; } = [];

    /// <summary>Gets every list of a policy of version 1 that was looked at.</summary>
    public IList<RuleTrace> Rules { get; } = [];
}
