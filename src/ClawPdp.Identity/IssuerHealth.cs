namespace ClawPdp.Identity;

/// <summary>The state of one issuer's keys at one instant, for health answers and metrics.</summary>
public sealed record IssuerHealth
{
    /// <summary>Gets the issuer as configured.</summary>
    public required string Issuer { get; init; }

    /// <summary>Gets how far its keys can be relied on.</summary>
    public required IssuerState State { get; init; }

    /// <summary>Gets when the last successful fetch began; <see langword="null"/> when none has succeeded.</summary>
    public required DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Gets when the last failed fetch began; <see langword="null"/> when none has failed.</summary>
    public required DateTimeOffset? LastFailure { get; init; }

    /// <summary>
    /// Gets why the last failed fetch failed, in our words; <see langword="null"/> when none has failed.
    /// </summary>
    public required string? LastFailureReason { get; init; }

    /// <summary>Gets how many fetches have failed since the last success.</summary>
    public required int FailureCount { get; init; }

    /// <summary>Gets how many usable keys the last successful fetch brought.</summary>
    public required int KeyCount { get; init; }

    /// <summary>
    /// Gets by how much our clock is ahead of the issuer's, by the whole seconds of its last answer's <c>Date</c>; <see langword="null"/> when it
    /// does not say. Negative when ours is behind.
    /// </summary>
    public required TimeSpan? ClockAhead { get; init; }
}
