namespace ClawPdp.Ledger.Policies;

/// <summary>An activation of a policy as it is kept.</summary>
public sealed record ActivationRecord
{
    /// <summary>An activation that an operator asked for.</summary>
    public const string Api = "api";

    /// <summary>An activation by a change of the configured file.</summary>
    public const string File = "file";

    /// <summary>The highest number: the greatest integer that every JSON reader holds exactly.</summary>
    public const long NumberMax = (1L << 53) - 1;

    /// <summary>Gets the number: 1 to <see cref="NumberMax"/>, and greater with each, whatever the audience.</summary>
    public required long ActivationNumber { get; init; }

    /// <summary>Gets the policy, base64url.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the audience; empty stands for every audience that has none of its own.</summary>
    public required string Audience { get; init; }

    /// <summary>Gets the policy that the audience had before, its own or the one for all, base64url; <see langword="null"/> for none.</summary>
    public string? PreviousPolicyHash { get; init; }

    /// <summary>Gets when it was activated.</summary>
    public required DateTimeOffset ActivatedAt { get; init; }

    /// <summary>Gets until when tokens pinned to the policy before are answered by that one; <see langword="null"/> for not at all.</summary>
    public DateTimeOffset? OverlapUntil { get; init; }

    /// <summary>Gets where it came from: <see cref="Api"/> or <see cref="File"/>.</summary>
    public required string Source { get; init; }

    /// <summary>Gets why, as it was stated; <see langword="null"/> when it was not.</summary>
    public string? Reason { get; init; }
}
