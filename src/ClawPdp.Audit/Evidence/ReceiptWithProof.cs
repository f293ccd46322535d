using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;

namespace ClawPdp.Audit.Evidence;

/// <summary>A receipt on its own, for whoever cares about one action: it can be checked without the rest of the run.</summary>
/// <param name="ReceiptId">The receipt's id.</param>
/// <param name="Envelope">The signed envelope's text.</param>
/// <param name="Proof">That the log holds it: <c>c2sp.org/tlog-proof@v1</c>, the log's entry in <c>extra</c>.</param>
public sealed record ReceiptWithProof(string ReceiptId, string Envelope, string Proof)
{
    private const int ContentSizeMaxBytes = 4 * 1024 * 1024;

    /// <summary>Takes the receipts out of an evidence file, in their order. Nothing is verified.</summary>
    /// <exception cref="FormatException">A record of the file is none.</exception>
    public static ImmutableArray<ReceiptWithProof> AllOf(EvidenceFile file)
    {
        var entries = file.Entries
            .Select(static item => (Item: item, Entry: LogEntry.Parse(System.Text.Encoding.UTF8.GetBytes(item.Entry))))
            .Where(static pair => pair.Entry is { IsBatch: false })
            .ToDictionary(static pair => pair.Entry?.FirstSequence ?? 0, static pair => pair.Item);
        return
        [
            .. file.Records.Where(static record => record.Kind is RecordKinds.Receipt).Select(record =>
                entries.TryGetValue(record.Sequence, out var entry) ? Take(record, entry, file.Checkpoint) : throw Damaged(record)),
        ];
    }

    private static ReceiptWithProof Take(EvidenceRecord record, EvidenceEntry entry, string checkpoint)
    {
        var parsed = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(record.Content), ContentSizeMaxBytes);
        if (!parsed.TryGet(out var content) || content.FindText("receipt_id") is not { } id || content.FindText("envelope") is not { } envelope)
        {
            throw Damaged(record);
        }

        var proof = new TransparencyProof(
            entry.Index,
            [.. entry.Path.Select(hash => Base64UrlText.TryDecode(hash, out var bytes) ? bytes : throw Damaged(record))],
            checkpoint,
            System.Text.Encoding.UTF8.GetBytes(entry.Entry));
        return new ReceiptWithProof(id, envelope, proof.ToText());
    }

    private static FormatException Damaged(EvidenceRecord record) => new($"record {record.Sequence} is no receipt with its entry of the log");
}
