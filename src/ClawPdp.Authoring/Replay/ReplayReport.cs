using System.Collections.Immutable;

namespace ClawPdp.Authoring.Replay;

/// <summary>What a candidate makes of recorded decisions.</summary>
public sealed record ReplayReport
{
    /// <summary>Gets how many decisions were read.</summary>
    public required int ReadCount { get; init; }

    /// <summary>Gets how many of them were denied before the policy was asked, which no policy changes.</summary>
    public required int BeforePolicyCount { get; init; }

    /// <summary>Gets how many the candidate would make alike.</summary>
    public required int SameCount { get; init; }

    /// <summary>Gets the others, the most frequent first.</summary>
    public required ImmutableArray<ReplayChange> Changes { get; init; }

    /// <summary>
    /// Gets the ids of decisions that the policy which made them, where it is at hand, does not make again from its record: at most
    /// <see cref="PolicyReplay.NotReproducedCountMax"/>. None is expected.
    /// </summary>
    public required ImmutableArray<string> NotReproduced { get; init; }

    /// <summary>Gets how many decisions were made again by the policy which made them.</summary>
    public required int ReproducedCount { get; init; }
}
