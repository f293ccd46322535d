using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>What a policy judges, with what its conditions can see; a dimension that is <see langword="null"/> is not asked and not checked.</summary>
public readonly record struct PolicyQuestion
{
    /// <summary>Gets the tool.</summary>
    public ToolName? Tool { get; init; }

    /// <summary>Gets the model.</summary>
    public ModelName? Model { get; init; }

    /// <summary>Gets the model's provider; <see langword="null"/> when not stated.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the destination host.</summary>
    public HostName? Host { get; init; }

    /// <summary>Gets the agent, the <c>sub</c> of its token; <see langword="null"/> when not known.</summary>
    public string? AgentDid { get; init; }

    /// <summary>Gets the instant; its hour and day are those of UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Gets a value indicating whether a human approved this very action; never by the caller's word.</summary>
    public bool HasHumanApproval { get; init; }

    /// <summary>Gets what the caller states, by key; <see langword="null"/> for nothing. Keys that a caller cannot state are not looked up.</summary>
    public IReadOnlyDictionary<string, string>? Stated { get; init; }

    /// <summary>
    /// Gets the names of a greater question that this one is a part of: conditions see them, and nothing is asked about them.
    /// <see langword="null"/> for none.
    /// </summary>
    public ActionNames? Beside { get; init; }

    /// <summary>Gives the resource that patterns are held against; <see langword="null"/> when the action's dimension is not asked.</summary>
    public string? ResourceOf(PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => Tool?.Text,
        PolicyAction.ModelInvoke => Model?.Text,
        PolicyAction.NetworkEgress => Host?.Name,
        _ => null,
    };
}
