using System.Collections.Immutable;
using ClawPdp.Ledger.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>What to activate.</summary>
internal sealed record ActivationCommand
{
    public required string PolicyHash { get; init; }

    /// <summary>Gets the audience; empty stands for every audience that has none of its own.</summary>
    public string Audience { get; init; } = "";

    /// <summary>Gets the number; 0 stands for the next.</summary>
    public long Number { get; init; }

    /// <summary>Gets how long tokens that are pinned to the policy before are still answered by that one.</summary>
    public TimeSpan Overlap { get; init; }

    /// <summary>Gets where it comes from: <see cref="ActivationRecord.Api"/> or <see cref="ActivationRecord.File"/>.</summary>
    public string Source { get; init; } = ActivationRecord.Api;

    /// <summary>Gets why; empty when it is not stated.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gets what is kept on disk together with the activation.</summary>
    public ImmutableArray<(string Name, string Value)> Facts { get; init; } = [];
}
