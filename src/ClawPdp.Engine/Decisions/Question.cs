using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>One action that an agent wants to take; a dimension that is <see langword="null"/> or empty is not asked.</summary>
public sealed record Question
{
    /// <summary>Gets the whole text of the CST.</summary>
    public required PresentedToken Token { get; init; }

    /// <summary>Gets the tool.</summary>
    public string? Tool { get; init; }

    /// <summary>Gets the model.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the destination host, with an optional port.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the hash of the policy that the caller believes is in force.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets the model's provider, which a v1 policy may demand.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the audience that asks; <see langword="null"/> or empty for whichever the token and the sidecar share.</summary>
    public string? Audience { get; init; }

    /// <summary>Gets the run.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the hash of the run's event that asks, which an approval may be bound to.</summary>
    public string? EventHash { get; init; }

    /// <summary>Gets the hash of the action's arguments.</summary>
    public string? ArgumentsHash { get; init; }

    /// <summary>Gets what the caller states about the action; <see langword="null"/> for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Stated { get; init; }

    /// <summary>Gets the human approvals that the caller gives.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Approvals { get; init; } = [];

    /// <summary>Gets what a recorded decision about this very action rested on; <see langword="null"/> when the action was not decided before.</summary>
    public DecisionGrounds? Grounds { get; init; }
}
