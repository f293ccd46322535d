using System.Collections.Immutable;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>Is every record in the log that was signed?</summary>
internal sealed class LogQuestion
{
    public const string Id = "log";
    public const string Text = "Is every record in the transparency log, up to the signed checkpoint?";

    private readonly AuditCase _case;
    private readonly AnswerBuilder _answer = new();
    private readonly Dictionary<long, LogEntry> _entries = [];
    private readonly Dictionary<long, BatchPlace> _batches = [];
    private Checkpoint? _checkpoint;

    private LogQuestion(AuditCase subject) => _case = subject;

    /// <summary>Gives the log's key; empty when the checkpoint is not signed by a trusted one.</summary>
    public static string SignerOf(AuditCase subject)
    {
        _ = CheckpointVerifier.Verify(subject.File.Checkpoint, subject.Trusted, out var signer);
        return signer ?? "";
    }

    public static AuditAnswer Answer(AuditCase subject) => new LogQuestion(subject).Answer();

    private AuditAnswer Answer()
    {
        _checkpoint = CheckpointVerifier.Verify(_case.File.Checkpoint, _case.Trusted, out var signer);
        if (_checkpoint is null)
        {
            _answer.Fail("CHECKPOINT_INVALID", "the checkpoint is not signed by a trusted key under the log's name");
            return _answer.Build(Id, Text, "");
        }

        _answer.Show("log", _checkpoint.Origin);
        _answer.Show("size", $"{_checkpoint.Size}");
        _answer.Show("root", Base64UrlText.Encode(_checkpoint.Root.Span));
        _answer.Show("signed by", signer ?? "");
        ReadEntries();
        foreach (var place in _case.File.Batches)
        {
            if (!_batches.TryAdd(place.Sequence, place))
            {
                _answer.Fail("BATCH_PROOF_INVALID", $"the decision of record {place.Sequence} is placed twice", place.Sequence);
            }
        }

        foreach (var record in _case.Records)
        {
            CheckRecord(record);
        }

        CheckLeftovers();
        CheckReceiptLog(signer ?? "");
        return _answer.Build(Id, Text, $"all {_case.Records.Length} records are in `{_checkpoint.Origin}`, size {_checkpoint.Size}");
    }

    private void ReadEntries()
    {
        var (lastIndex, lastSequence) = (-1L, 0L);
        foreach (var item in _case.File.Entries)
        {
            if (LogEntry.Parse(System.Text.Encoding.UTF8.GetBytes(item.Entry)) is not { } entry)
            {
                _answer.Fail("LOG_ENTRY_UNREADABLE", $"entry {item.Index} cannot be read");
                continue;
            }

            if (item.Index <= lastIndex || entry.FirstSequence <= lastSequence)
            {
                _answer.Fail("LOG_ENTRIES_OUT_OF_ORDER", $"entry {item.Index} is not about later records than the one before it", entry.FirstSequence);
            }

            var leaf = MerkleTree.LeafHash(System.Text.Encoding.UTF8.GetBytes(item.Entry));
            if (_checkpoint is null || !MerkleProofs.VerifyInclusion(leaf, item.Index, _checkpoint.Size, Decode(item.Path), _checkpoint.Root.Span))
            {
                _answer.Fail("LOG_INCLUSION_INVALID", $"the path of entry {item.Index} does not lead to the signed root", entry.FirstSequence);
            }

            (lastIndex, lastSequence) = (item.Index, entry.LastSequence);
            for (var sequence = entry.FirstSequence; sequence <= entry.LastSequence; sequence++)
            {
                _entries[sequence] = entry;
            }
        }
    }

    private void CheckRecord(AuditedRecord record)
    {
        if (!_entries.TryGetValue(record.Sequence, out var entry))
        {
            _answer.Fail("RECORD_NOT_IN_LOG", $"{record} is in no entry of the log", record.Sequence);
            return;
        }

        if (record.Kind is RecordKinds.Decision ? !entry.IsBatch : !string.Equals(entry.Kind, record.Kind, StringComparison.Ordinal))
        {
            _answer.Fail("RECORD_NOT_IN_LOG", $"{record} is of another kind than its entry says", record.Sequence);
        }
        else if (entry.IsBatch)
        {
            CheckBatch(record, entry);
        }
        else if (!string.Equals(entry.Hash, Base64UrlText.Encode(record.Hash), StringComparison.Ordinal))
        {
            _answer.Fail("RECORD_CHANGED", $"{record} is not the one that the log holds", record.Sequence);
        }
        else if (entry.PayloadHash is not null && !string.Equals(entry.PayloadHash, record.Envelope.Value.FindText("payload_hash_b64u"), StringComparison.Ordinal))
        {
            _answer.Fail("RECORD_CHANGED", $"{record} holds another payload than its entry says", record.Sequence);
        }
    }

    private void CheckBatch(AuditedRecord record, LogEntry entry)
    {
        var size = entry.LastSequence - entry.FirstSequence + 1;
        var holds = _batches.Remove(record.Sequence, out var place)
            && place.Index == record.Sequence - entry.FirstSequence
            && Base64UrlText.TryDecode(entry.Hash, out var root)
            && MerkleProofs.VerifyInclusion(MerkleTree.LeafHash(record.Hash), place.Index, size, Decode(place.Path), root);
        if (!holds)
        {
            _answer.Fail("BATCH_PROOF_INVALID", $"{record} is not proved to be in its batch of decisions, or was changed", record.Sequence);
        }
    }

    private void CheckLeftovers()
    {
        foreach (var place in _batches.Values)
        {
            _answer.Fail("BATCH_PROOF_INVALID", $"a decision of record {place.Sequence} is placed, but not there", place.Sequence);
        }

        var known = _case.Records.Select(static record => record.Sequence).ToHashSet();
        foreach (var entry in _entries.Values.Where(entry => !entry.IsBatch && !known.Contains(entry.FirstSequence)).Distinct())
        {
            _answer.Fail("RECORD_MISSING", $"the log holds record {entry.FirstSequence}, which is not there", entry.FirstSequence);
        }
    }

    // The form that public verifiers know, from the same snapshot: one proof for each receipt, all of one root.
    private void CheckReceiptLog(string logSigner)
    {
        var receipts = _case.Receipts;
        if (_case.File.ReceiptProofs.Length != receipts.Length)
        {
            _answer.Fail("RECEIPT_PROOF_INVALID", $"{_case.File.ReceiptProofs.Length} proofs of the receipt log for {receipts.Length} receipts");
            return;
        }

        var roots = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (receipt, proof) in receipts.Zip(_case.File.ReceiptProofs))
        {
            var fault = ReceiptInclusionVerifier.FindFault(proof, [logSigner]);
            if (fault is not null || !IsOf(proof, receipt))
            {
                _answer.Fail("RECEIPT_PROOF_INVALID", $"the receipt log does not prove {receipt}: {fault?.Code ?? "another receipt"}", receipt.Sequence);
            }

            roots.Add($"{proof.FindText("log_id")} {proof.FindText("root_hash_b64u")} {proof.Find("tree_size")?.Number} {proof.FindText("root_published_at")}");
        }

        if (roots.Count > 1)
        {
            _answer.Fail("RECEIPT_PROOF_INVALID", "the proofs of the receipt log are not from one snapshot");
        }
    }

    private static bool IsOf(JsonValue proof, AuditedRecord receipt) =>
        ReceiptInclusion.Read(proof).TryGet(out var read)
            && string.Equals(read.LeafHash, receipt.Envelope.Value.FindText("payload_hash_b64u"), StringComparison.Ordinal)
            // The proof is written in one way alone, so that nothing in it is without meaning.
            && string.Equals(JsonWriter.CanonicalText(read.ToJson()), JsonWriter.CanonicalText(proof), StringComparison.Ordinal);

    private static ImmutableArray<byte[]> Decode(ImmutableArray<string> path) =>
        [.. path.Select(static hash => Base64UrlText.TryDecode(hash, out var bytes) ? bytes : [])];
}
