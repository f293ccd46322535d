namespace ClawPdp.Ledger.Maintenance;

/// <summary>What a ledger is to be pruned of.</summary>
public sealed record PruneRequest
{
    /// <summary>
    /// The youngest that a record can be to be removed. A nonce is remembered for so long: what it stands for must be there to be given again.
    /// </summary>
    public static readonly TimeSpan AgeMin = IdempotencyRules.KeyLifetime;

    /// <summary>Gets the instant: records made before it may be removed.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>Gets the last record that the transparency log has published; nothing behind it is removed.</summary>
    public required long PublishedThrough { get; init; }

    /// <summary>
    /// Gets the first and last sequence of every batch of decisions that the log made, ascending: where one decision of a batch is kept, the
    /// hashes of the others are its proof.
    /// </summary>
    public required IEnumerable<(long First, long Last)> Batches { get; init; }

    /// <summary>Gets a value indicating whether nothing is to be changed.</summary>
    public bool IsDryRun { get; init; }
}
