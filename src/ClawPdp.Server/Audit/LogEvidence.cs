using System.Collections.Immutable;
using ClawPdp.Audit.Evidence;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;
using ClawPdp.Ledger;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Audit;

/// <summary>Proves records to be in one snapshot of the log.</summary>
internal sealed class LogEvidence
{
    private readonly LogSnapshot _log;

    public LogEvidence(LogSnapshot log) => _log = log;

    public string Checkpoint => _log.Checkpoint;

    /// <summary>Gives the entries that cover records, each once.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public ImmutableArray<EvidenceEntry> EntriesOf(IReadOnlyList<LedgerRecord> records) =>
    [
        .. records.Select(record => _log.FindEntryOf(record.Sequence)).Distinct().Order().Select(index => new EvidenceEntry(
            index,
            System.Text.Encoding.UTF8.GetString(_log.ReadEntry(index).Span),
            Write(_log.ProveInclusion(index)))),
    ];

    /// <summary>Gives the place of every decision in its batch.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public ImmutableArray<BatchPlace> BatchesOf(IReadOnlyList<LedgerRecord> records, LedgerStore ledger)
    {
        var places = ImmutableArray.CreateBuilder<BatchPlace>();
        var batches = new Dictionary<long, BatchTree>();
        foreach (var decision in records.Where(static record => record.Kind == RecordKind.Decision))
        {
            var entry = _log.EntryAt(_log.FindEntryOf(decision.Sequence));
            if (!batches.TryGetValue(entry.FirstSequence, out var batch))
            {
                var count = (int)(entry.LastSequence - entry.FirstSequence + 1);
                batch = new BatchTree(ledger.Pruning.ReadHashes(entry.FirstSequence, count));
                batches.Add(entry.FirstSequence, batch);
            }

            var index = (int)(decision.Sequence - entry.FirstSequence);
            var path = MerkleProofs.Inclusion(index, batch.Size, batch.NodeAt);
            places.Add(new BatchPlace(decision.Sequence, index, Write(path)));
        }

        return places.ToImmutable();
    }

    /// <summary>Gives the proof of the public receipt log for every receipt.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public ImmutableArray<JsonValue> ReceiptProofsOf(IReadOnlyList<LedgerRecord> records)
    {
        var hashes = LogEntries.Make([.. records.Where(static record => record.Kind == RecordKind.Receipt)]).Select(static entry => entry.PayloadHash ?? "").ToList();
        return hashes.Count == 0 ? [] : [.. _log.ProveReceipts(hashes).Select(static proof => proof.ToJson())];
    }

    private static ImmutableArray<string> Write(ImmutableArray<byte[]> path) => [.. path.Select(static hash => Base64UrlText.Encode(hash))];

    /// <summary>The tree of one batch, whose every node is computed once.</summary>
    private sealed class BatchTree
    {
        private readonly byte[][] _leaves;
        private readonly Dictionary<(int Level, long Index), byte[]> _nodes = [];

        public BatchTree(IEnumerable<ReadOnlyMemory<byte>> hashes) => _leaves = [.. hashes.Select(static hash => MerkleTree.LeafHash(hash.Span))];

        public int Size => _leaves.Length;

        public byte[] NodeAt(int level, long index)
        {
            if (level == 0)
            {
                return _leaves[index];
            }

            if (!_nodes.TryGetValue((level, index), out var node))
            {
                node = MerkleTree.NodeHash(NodeAt(level - 1, 2 * index), NodeAt(level - 1, (2 * index) + 1));
                _nodes.Add((level, index), node);
            }

            return node;
        }
    }
}
