namespace ClawPdp.Ledger.Records;

/// <summary>The content of the record of a pruning.</summary>
internal static class PruneContent
{
    public static byte[] Write(PruneRecord record) => ContentWriter.Write(record, static (json, prune) =>
    {
        json.WriteInstant("before", prune.Before);
        json.WriteNumber("through_sequence", prune.ThroughSequence);
        json.WriteString("through_hash_b64u", prune.ThroughHash);
        json.WriteNumber("removed_count", prune.RemovedCount);
        json.WriteString("kept_hash_b64u", prune.KeptHash);
        json.WriteInstant("pruned_at", prune.PrunedAt);
    });

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static PruneRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new PruneRecord
        {
            Before = json.Instant("before"),
            ThroughSequence = json.LongNumber("through_sequence"),
            ThroughHash = json.Text("through_hash_b64u"),
            RemovedCount = json.LongNumber("removed_count"),
            KeptHash = json.Text("kept_hash_b64u"),
            PrunedAt = json.Instant("pruned_at"),
        };
    }
}
