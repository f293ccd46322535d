using System.Collections.Immutable;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.State;

/// <summary>All that an answer depends on beside the revocations; read once for each question.</summary>
public sealed record EngineState
{
    /// <summary>Gets the number that moves on any change of policy, mapping, keys or revocations.</summary>
    public required long Epoch { get; init; }

    /// <summary>Gets the token keys.</summary>
    public required KeySet Keys { get; init; }

    /// <summary>Gets the policies in force.</summary>
    public required PolicyTable Policies { get; init; }

    /// <summary>Gets the candidates that are evaluated beside them and decide nothing.</summary>
    public PolicyTable Candidates { get; init; } = PolicyTable.Empty;

    /// <summary>Gets the did:keys of the humans whose approval counts.</summary>
    public ImmutableArray<string> Approvers { get; init; } = [];

    /// <summary>Gets a value indicating whether a question without an active policy is denied.</summary>
    public required bool PolicyRequired { get; init; }

    /// <summary>Gets the audiences of which a token must name one.</summary>
    public required ImmutableArray<string> Audiences { get; init; }
}
