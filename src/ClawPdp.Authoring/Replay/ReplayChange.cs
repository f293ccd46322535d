using System.Collections.Immutable;

namespace ClawPdp.Authoring.Replay;

/// <summary>Recorded decisions that a candidate would make otherwise, and all in the same way.</summary>
public sealed record ReplayChange
{
    /// <summary>Gets the reason that was given, <c>ALLOWED</c> for an allow.</summary>
    public required string Was { get; init; }

    /// <summary>Gets the reason that the candidate would give.</summary>
    public required string Would { get; init; }

    /// <summary>Gets the ids of the candidate's statements that would decide; none where nothing allows.</summary>
    public required ImmutableArray<string> StatementIds { get; init; }

    /// <summary>Gets how many there are.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the actions with how often each was asked, the most frequent first: at most <see cref="PolicyReplay.ActionCountMax"/>.</summary>
    public required ImmutableArray<(string Action, int Count)> Actions { get; init; }

    /// <summary>Gets the first of the decisions.</summary>
    public required string DecisionId { get; init; }
}
