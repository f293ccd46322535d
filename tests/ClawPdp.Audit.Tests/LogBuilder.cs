using System.Collections.Immutable;
using System.Text;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;

namespace ClawPdp.Audit.Tests;

/// <summary>A log in memory over the records of one run, decisions in batches.</summary>
internal sealed class LogBuilder
{
    private readonly RunKeys _keys;
    private readonly List<EvidenceRecord> _records;
    private readonly List<LogEntry> _entries = [];

    public LogBuilder(RunKeys keys, List<EvidenceRecord> records)
    {
        _keys = keys;
        _records = records;
        foreach (var record in records)
        {
            Add(record);
        }
    }

    public EvidenceFile Build(string runId, ImmutableArray<JsonValue> exports, List<string> receiptHashes)
    {
        byte[][] leaves = [.. _entries.Select(static entry => MerkleTree.LeafHash(entry.ToBytes()))];
        var tree = new ReceiptTree(receiptHashes.Select(Decode));
        var signature = _keys.Log.SignReceiptRoot(tree);
        return new EvidenceFile
        {
            RunId = runId,
            Exports = exports,
            Records = [.. _records],
            Checkpoint = _keys.Log.SignCheckpoint(new Checkpoint("log.example.com/clawpdp", leaves.Length, MerkleTree.RootOfHashes(leaves))),
            Entries = [.. _entries.Select((entry, index) => new EvidenceEntry(index, Encoding.UTF8.GetString(entry.ToBytes()), Path(leaves, index)))],
            Batches = [.. _records.Where(static record => record.Kind is RecordKinds.Decision).Select(PlaceOf)],
            ReceiptProofs =
            [
                .. receiptHashes.Select((hash, index) => new ReceiptInclusion
                {
                    LogId = ReceiptInclusion.DefaultLogId,
                    TreeSize = tree.Size,
                    LeafIndex = index,
                    LeafHash = hash,
                    RootHash = Base64UrlText.Encode(tree.Root.Span),
                    AuditPath = [.. tree.PathOf(index).Select(static sibling => Base64UrlText.Encode(sibling))],
                    PublishedAt = "2026-01-01T12:30:00.000Z",
                    SignerDid = _keys.Log.PublicKey.Did,
                    Signature = signature,
                }.ToJson()),
            ],
        };
    }

    private static byte[] Decode(string hash) => Base64UrlText.TryDecode(hash, out var bytes) ? bytes : throw new FormatException(hash);

    private static ImmutableArray<string> Path(byte[][] leaves, long index) =>
    [
        .. MerkleProofs.Inclusion(index, leaves.Length, (level, place) => MerkleTree.RootOfHashes(leaves.Skip((int)(place << level)).Take(1 << level)))
            .Select(static hash => Base64UrlText.Encode(hash)),
    ];

    private void Add(EvidenceRecord record)
    {
        var isDecision = record.Kind is RecordKinds.Decision;
        if (isDecision && _entries is [.., { IsBatch: true } last])
        {
            _entries[^1] = last with { LastSequence = record.Sequence, Hash = RootOf(last.FirstSequence, record.Sequence) };
            return;
        }

        _entries.Add(new LogEntry
        {
            Kind = isDecision ? LogEntry.Decisions : record.Kind,
            FirstSequence = record.Sequence,
            LastSequence = record.Sequence,
            Hash = isDecision ? RootOf(record.Sequence, record.Sequence) : Base64UrlText.Encode(record.ComputeHash()),
            PayloadHash = record.Kind is RecordKinds.Receipt or RecordKinds.Issuance ? PayloadHashOf(record) : null,
        });
    }

    private string RootOf(long first, long last) =>
        Base64UrlText.Encode(MerkleTree.RootOf(_records.Where(record => record.Sequence >= first && record.Sequence <= last).Select(static record => (ReadOnlyMemory<byte>)record.ComputeHash())));

    private static string PayloadHashOf(EvidenceRecord record)
    {
        var content = JsonReader.Parse(Encoding.UTF8.GetBytes(record.Content), 1 << 20).Value;
        return JsonReader.Parse(Encoding.UTF8.GetBytes(content.FindText("envelope") ?? ""), 1 << 20).Value.FindText("payload_hash_b64u") ?? "";
    }

    private BatchPlace PlaceOf(EvidenceRecord record)
    {
        var entry = _entries.Single(entry => entry.FirstSequence <= record.Sequence && record.Sequence <= entry.LastSequence);
        byte[][] leaves = [.. _records.Where(other => other.Sequence >= entry.FirstSequence && other.Sequence <= entry.LastSequence).Select(static other => MerkleTree.LeafHash(other.ComputeHash()))];
        var index = record.Sequence - entry.FirstSequence;
        return new BatchPlace(record.Sequence, (int)index, Path(leaves, index));
    }
}
