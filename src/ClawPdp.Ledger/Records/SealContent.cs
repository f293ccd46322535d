using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of a seal's record.</summary>
internal static class SealContent
{
    private const string Open = "open";
    private const string Finished = "finished";

    public static byte[] Write(SealRecord record) => ContentWriter.Write(record, static (json, seal) =>
    {
        json.WriteString("run_id", seal.RunId);
        json.WriteInstant("sealed_at", seal.SealedAt);
        json.WriteString("state", seal.IsFinished ? Finished : Open);
        json.WriteNumber("segment_count", seal.SegmentCount);
        json.WriteNumber("event_count", seal.EventCount);
        json.WriteOptional("last_event_hash_b64u", seal.LastEventHash);
        json.WriteNumber("receipt_count", seal.ReceiptCount);
        json.WriteNumber("decision_count", seal.DecisionCount);
        json.WriteNumber("refusal_count", seal.RefusalCount);
        json.WriteNumber("record_count", seal.RecordCount);
        json.WriteString("records_root_b64u", seal.RecordsRoot);
    });

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static SealRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new SealRecord
        {
            RunId = json.Text("run_id"),
            SealedAt = json.Instant("sealed_at"),
            IsFinished = json.Text("state") is Finished,
            SegmentCount = json.Number("segment_count"),
            EventCount = json.Number("event_count"),
            LastEventHash = json.OptionalText("last_event_hash_b64u"),
            ReceiptCount = json.Number("receipt_count"),
            DecisionCount = json.Number("decision_count"),
            RefusalCount = json.Number("refusal_count"),
            RecordCount = json.Number("record_count"),
            RecordsRoot = json.Text("records_root_b64u"),
        };
    }
}
