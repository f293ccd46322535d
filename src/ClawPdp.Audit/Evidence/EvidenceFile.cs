using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Audit.Evidence;

/// <summary>Everything that an auditor needs to check one run (docs/evidence.md section 3).</summary>
public sealed record EvidenceFile
{
    /// <summary>The largest file that is read.</summary>
    public const int SizeMaxBytes = 512 * 1024 * 1024;

    /// <summary>The format's version.</summary>
    public const string Version = "1";

    /// <summary>Gets the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets one export bundle for each segment of the run, in order.</summary>
    public required ImmutableArray<JsonValue> Exports { get; init; }

    /// <summary>Gets the records that belong to the run, ascending, the seal last.</summary>
    public required ImmutableArray<EvidenceRecord> Records { get; init; }

    /// <summary>Gets the log's signed note.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Gets the log's entries that cover the records, ascending.</summary>
    public required ImmutableArray<EvidenceEntry> Entries { get; init; }

    /// <summary>Gets the place of each decision in its batch, ascending.</summary>
    public required ImmutableArray<BatchPlace> Batches { get; init; }

    /// <summary>Gets a proof of the public receipt log for each receipt, in their order.</summary>
    public required ImmutableArray<JsonValue> ReceiptProofs { get; init; }

    /// <summary>Writes the file: JCS.</summary>
    public byte[] ToBytes() => JsonWriter.WriteCanonical(new JsonObjectBuilder()
        .Add("evidence_version", Version)
        .Add("run_id", RunId)
        .Add("exports", JsonValue.ArrayOf(Exports))
        .Add("records", JsonValue.ArrayOf([.. Records.Select(Write)]))
        .Add("log", new JsonObjectBuilder()
            .Add("checkpoint", Checkpoint)
            .Add("entries", JsonValue.ArrayOf([.. Entries.Select(Write)]))
            .Add("batches", JsonValue.ArrayOf([.. Batches.Select(Write)]))
            .Build())
        .Add("receipt_log", JsonValue.ArrayOf(ReceiptProofs))
        .Build());

    private static JsonValue Write(EvidenceRecord record) => new JsonObjectBuilder()
        .Add("sequence", record.Sequence)
        .Add("kind", record.Kind)
        .Add("previous_hash_b64u", record.PreviousHash)
        .Add("content", record.Content)
        .Build();

    private static JsonValue Write(EvidenceEntry entry) => new JsonObjectBuilder()
        .Add("index", entry.Index)
        .Add("entry", entry.Entry)
        .Add("path", JsonValue.ArrayOf(entry.Path))
        .Build();

    private static JsonValue Write(BatchPlace place) => new JsonObjectBuilder()
        .Add("sequence", place.Sequence)
        .Add("index", place.Index)
        .Add("path", JsonValue.ArrayOf(place.Path))
        .Build();
}
