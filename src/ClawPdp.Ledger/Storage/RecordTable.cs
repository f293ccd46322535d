using System.Globalization;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Records;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>The chain of records.</summary>
internal sealed class RecordTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _head;
    private readonly Statement _from;
    private readonly Statement _read;
    private readonly Statement _lastPrune;

    public RecordTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO record VALUES ($sequence, $kind, $content, $hash)",
            "$sequence",
            "$kind",
            "$content",
            "$hash");
        _head = new Statement(connection, "SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1");
        _from = new Statement(
            connection,
            "SELECT sequence, kind, content, hash FROM record WHERE sequence >= $first ORDER BY sequence",
            "$first");
        _read = new Statement(
            connection,
            """
            SELECT own.kind, own.content, own.hash, previous.hash
            FROM record AS own LEFT JOIN record AS previous ON previous.sequence = own.sequence - 1
            WHERE own.sequence = $sequence
            """,
            "$sequence");
        _lastPrune = new Statement(
            connection,
            "SELECT sequence, content FROM record WHERE sequence = (SELECT CAST(value AS INTEGER) FROM meta WHERE name = $name) AND kind = 11",
            "$name");
    }

    public void Insert(long sequence, RecordKind kind, byte[] content, byte[] hash) => _insert.Run(sequence, (long)kind, content, hash);

    public ChainHead ReadHead()
    {
        using var rows = _head.Query();
        return rows.Read() ? new ChainHead(rows.GetInt64(0), rows.GetBytes(1)) : ChainHead.Empty;
    }

    /// <summary>Gives sequence, kind, content and hash of every record from one on, in order. The content of a pruned one is empty.</summary>
    public StatementRows From(long sequence) => _from.Query(sequence);

    /// <summary>Gives one record with the hash of the one before it.</summary>
    /// <exception cref="LedgerException">There is none of that sequence, or it was pruned.</exception>
    public LedgerRecord Read(long sequence) =>
        Find(sequence) is { IsPruned: false } found
            ? found
            : throw (LastPrune() is { } prune && sequence <= prune.Record.ThroughSequence
                ? new LedgerException(LedgerFault.Pruned, string.Create(CultureInfo.InvariantCulture, $"record {sequence} was pruned"))
                : new LedgerException(LedgerFault.Corrupt, "a record in the ledger is missing"));

    /// <summary>Gives records that follow each other, each with the hash of the one before it.</summary>
    /// <exception cref="LedgerException">One is missing, or was pruned.</exception>
    public List<LedgerRecord> ReadRange(long first, int count)
    {
        var records = new List<LedgerRecord>(count);
        if (count > 0)
        {
            records.Add(Read(first));
            using var rows = _from.Query(first + 1);
            while (records.Count < count && rows.Read() && rows.GetInt64(0) == first + records.Count)
            {
                var record = new LedgerRecord
                {
                    Sequence = rows.GetInt64(0),
                    Kind = (RecordKind)rows.GetInt32(1),
                    Content = rows.GetBytes(2),
                    Hash = rows.GetBytes(3),
                    PreviousHash = records[^1].Hash,
                };
                if (record.IsPruned)
                {
                    break;
                }

                records.Add(record);
            }
        }

        // What is missing is said by whoever looks for it alone.
        return records.Count == count ? records : [.. records, Read(first + records.Count)];
    }

    /// <summary>Gives one record, which may be pruned down to its hash; <see langword="null"/> when there is none of that sequence.</summary>
    public LedgerRecord? Find(long sequence)
    {
        using var rows = _read.Query(sequence);
        if (!rows.Read())
        {
            return null;
        }

        return new LedgerRecord
        {
            Sequence = sequence,
            Kind = (RecordKind)rows.GetInt32(0),
            Content = rows.GetBytes(1),
            Hash = rows.GetBytes(2),
            PreviousHash = rows.IsDBNull(3) ? ChainHead.Empty.Hash.ToArray() : rows.GetBytes(3),
        };
    }

    /// <summary>Gives the last pruning; <see langword="null"/> when nothing was ever pruned.</summary>
    /// <exception cref="LedgerException">Its record is damaged.</exception>
    public StoredPrune? LastPrune() =>
        _lastPrune.Find(StoredPrune.MetaName) is { } stored ? new StoredPrune(stored.Sequence, PruneContent.Read(stored.Content)) : null;

    public void Dispose()
    {
        _lastPrune.Dispose();
        _insert.Dispose();
        _head.Dispose();
        _from.Dispose();
        _read.Dispose();
    }
}
