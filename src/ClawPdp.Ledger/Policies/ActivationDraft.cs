using System.Collections.Immutable;

namespace ClawPdp.Ledger.Policies;

/// <summary>An activation to be appended; the number and the policy before are settled in the writer's transaction.</summary>
public sealed record ActivationDraft
{
    /// <summary>Gets the number, which must be greater than every earlier one: 1 to <see cref="ActivationRecord.NumberMax"/>; 0 stands for the next.</summary>
    public long ActivationNumber { get; init; }

    /// <summary>Gets the policy, base64url.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the audience; empty stands for every audience that has none of its own.</summary>
    public required string Audience { get; init; }

    /// <summary>Gets when it is activated.</summary>
    public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>Gets how long the policy before is still honoured, at least 0; nothing comes of it where there was none.</summary>
    public TimeSpan Overlap { get; init; }

    /// <summary>Gets where it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Gets why; <see langword="null"/> when it is not stated.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets named values of the installation (<see cref="LedgerStore.SetMetaAsync"/>) that are kept together with it, or not at all.</summary>
    public ImmutableArray<(string Name, string Value)> Facts { get; init; } = [];
}
