using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Transparency;

/// <summary>Makes the log's entries from records that come in parts: of a decision that waits for its batch only the hash is kept.</summary>
internal sealed class LogEntryMaker
{
    private readonly List<LogEntry> _entries = [];
    private readonly List<ReadOnlyMemory<byte>> _batch = [];
    private long _batchStart;
    private long _batchEnd;

    /// <summary>Gets how many records were added.</summary>
    public int RecordCount { get; private set; }

    /// <summary>Adds records that follow those added before.</summary>
    public void Add(IReadOnlyList<LedgerRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Kind == RecordKind.Decision)
            {
                AddDecision(record);
            }
            else
            {
                CloseBatch();
                _entries.Add(LogEntries.EntryOf(record));
            }
        }

        RecordCount += records.Count;
    }

    /// <summary>Gives the entries; nothing is added afterwards.</summary>
    public List<LogEntry> Finish()
    {
        CloseBatch();
        return _entries;
    }

    private void AddDecision(LedgerRecord record)
    {
        if (_batch.Count == 0)
        {
            _batchStart = record.Sequence;
        }

        _batchEnd = record.Sequence;
        _batch.Add(record.Hash);
        if (_batch.Count == LogEntry.BatchCountMax)
        {
            CloseBatch();
        }
    }

    private void CloseBatch()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        _entries.Add(new LogEntry
        {
            Kind = LogEntry.Decisions,
            FirstSequence = _batchStart,
            LastSequence = _batchEnd,
            Hash = Base64UrlText.Encode(MerkleTree.RootOf(_batch)),
        });
        _batch.Clear();
    }
}
