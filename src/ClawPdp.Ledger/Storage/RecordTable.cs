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

    public RecordTable(SqliteConnection connection)
    {
        _insert = new Statement(
            new SqliteCommand("INSERT INTO record VALUES ($sequence, $kind, $content, $hash)", connection),
            "$sequence",
            "$kind",
            "$content",
            "$hash");
        _head = new Statement(new SqliteCommand("SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1", connection));
        _from = new Statement(
            new SqliteCommand("SELECT sequence, kind, content, hash FROM record WHERE sequence >= $first ORDER BY sequence", connection),
            "$first");
    }

    public void Insert(long sequence, RecordKind kind, byte[] content, byte[] hash) => _insert.Run(sequence, (long)kind, content, hash);

    public ChainHead ReadHead()
    {
        using var rows = _head.Query();
        return rows.Read() ? new ChainHead(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : ChainHead.Empty;
    }

    /// <summary>Gives sequence, kind, content and hash of every record from one on, in order.</summary>
    public SqliteDataReader From(long sequence) => _from.Query(sequence);

    public void Dispose()
    {
        _insert.Dispose();
        _head.Dispose();
        _from.Dispose();
    }
}
