using System.Collections.Immutable;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>What a pruning removed, or would remove.</summary>
public sealed record PruneReport
{
    /// <summary>Gets the last record that was looked at; 0 when every record is too young, or not published yet.</summary>
    public required long ThroughSequence { get; init; }

    /// <summary>Gets how many records are removed, by their kinds.</summary>
    public required ImmutableSortedDictionary<RecordKind, long> Removed { get; init; }

    /// <summary>Gets how many records up to <see cref="ThroughSequence"/> are kept, by their kinds.</summary>
    public required ImmutableSortedDictionary<RecordKind, long> Kept { get; init; }

    /// <summary>Gets how many runs up to there were never finished; nothing of them is removed.</summary>
    public required long OpenRunCount { get; init; }

    /// <summary>Gets the size of the contents of what is removed.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>Gets the sequence of the record of the pruning; 0 when nothing was changed.</summary>
    public long PruneSequence { get; init; }

    /// <summary>Gets how many records are removed.</summary>
    public long RemovedCount => Removed.Values.Sum();
}
