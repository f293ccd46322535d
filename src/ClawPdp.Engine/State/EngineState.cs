using System.Collections.Immutable;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.State;

/// <summary>All that an answer depends on beside the revocations; read once for each question.</summary>
public sealed record EngineState
{
    /// <summary>Gets the number that moves on any change of policy, mapping, keys or revocations.</summary>
    public required long Epoch { get; init; }

    /// <summary>Gets the token keys.</summary>
    public required KeySet Keys { get; init; }

    /// <summary>Gets the policy in force; <see langword="null"/> when there is none.</summary>
    public required WorkPolicyContract? Policy { get; init; }

    /// <summary>Gets a value indicating whether a question without an active policy is denied.</summary>
    public required bool PolicyRequired { get; init; }

    /// <summary>Gets the audiences of which a token must name one.</summary>
    public required ImmutableArray<string> Audiences { get; init; }
}
