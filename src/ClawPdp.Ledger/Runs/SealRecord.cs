using System.Collections.Immutable;

namespace ClawPdp.Ledger.Runs;

/// <summary>A statement of how much there is of a run at one point of the ledger.</summary>
public sealed record SealRecord
{
    /// <summary>Gets the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets when the seal was made.</summary>
    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>Gets a value indicating whether the run was finished then.</summary>
    public required bool IsFinished { get; init; }

    /// <summary>Gets the number of event chains.</summary>
    public required int SegmentCount { get; init; }

    /// <summary>Gets the number of events.</summary>
    public required int EventCount { get; init; }

    /// <summary>Gets the hash of the last event, base64url; <see langword="null"/> when there is none.</summary>
    public string? LastEventHash { get; init; }

    /// <summary>Gets the number of receipts.</summary>
    public required int ReceiptCount { get; init; }

    /// <summary>Gets the number of decisions that belong to the run.</summary>
    public required int DecisionCount { get; init; }

    /// <summary>Gets the number of refused attempts.</summary>
    public required int RefusalCount { get; init; }

    /// <summary>Gets the number of records under <see cref="RecordsRoot"/>.</summary>
    public required int RecordCount { get; init; }

    /// <summary>Gets the RFC 6962 tree hash over the hashes of all records that belong to the run, base64url.</summary>
    public required string RecordsRoot { get; init; }

    /// <summary>Gets the sequences of these records, ascending. Not stored: they follow from the ledger.</summary>
    public ImmutableArray<long> Members { get; init; } = [];
}
