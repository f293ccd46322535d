namespace ClawPdp.Ledger.Runs;

/// <summary>A run as it stands in the ledger.</summary>
public sealed record RunSummary
{
    /// <summary>Gets how it was started.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>Gets when it was finished; <see langword="null"/> while it is open.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Gets the last event; <see langword="null"/> when there is none.</summary>
    public EventRecord? LastEvent { get; init; }

    /// <summary>Gets the number of events, those included that continue a full chain.</summary>
    public required int EventCount { get; init; }

    /// <summary>Gets the number of receipts.</summary>
    public required int ReceiptCount { get; init; }

    /// <summary>Gets the number of decisions asked for the run by its agent.</summary>
    public required int DecisionCount { get; init; }

    /// <summary>Gets the number of refused attempts.</summary>
    public required int RefusalCount { get; init; }
}
