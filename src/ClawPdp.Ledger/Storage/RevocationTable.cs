using ClawPdp.Ledger.Records;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>
/// Finds revocations. A target has one row: the record that revoked it first, and the record whose expiry holds, which is
/// another one when the target was revoked again for longer.
/// </summary>
internal sealed class RevocationTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _extend;
    private readonly Statement _find;
    private readonly Statement _all;
    private readonly Statement _holds;

    public RevocationTable(SqliteConnection connection)
    {
        _insert = new Statement(
            new SqliteCommand("INSERT INTO revocation VALUES ($sequence, $kind, $value, $sequence)", connection),
            "$sequence",
            "$kind",
            "$value");
        _extend = new Statement(
            new SqliteCommand("UPDATE revocation SET expiry_sequence = $expiry WHERE sequence = $sequence", connection),
            "$sequence",
            "$expiry");
        _find = new Statement(
            new SqliteCommand(
                """
                SELECT first.sequence, first.content, last.sequence, last.content
                FROM revocation JOIN record AS first USING (sequence) JOIN record AS last ON last.sequence = expiry_sequence
                WHERE revocation.kind = $kind AND value = $value
                """,
                connection),
            "$kind",
            "$value");
        _all = new Statement(new SqliteCommand(
            """
            SELECT first.sequence, first.content, last.sequence, last.content
            FROM revocation JOIN record AS first USING (sequence) JOIN record AS last ON last.sequence = expiry_sequence
            ORDER BY revocation.sequence
            """,
            connection));
        _holds = new Statement(
            new SqliteCommand(
                """
                SELECT 1 FROM revocation
                WHERE kind = $kind AND value = $value AND $sequence BETWEEN sequence AND expiry_sequence
                """,
                connection),
            "$sequence",
            "$kind",
            "$value");
    }

    public void Insert(long sequence, RevocationRecord record) => _insert.Run(sequence, (long)record.Kind, record.Value);

    /// <summary>Lets the expiry of a later record hold.</summary>
    public void Extend(long sequence, long expirySequence) => _extend.Run(sequence, expirySequence);

    public StoredRevocation? Find(RevocationTargetKind kind, string value)
    {
        using var rows = _find.Query((long)kind, value);
        return rows.Read() ? Read(rows) : null;
    }

    public List<RevocationRecord> All() => [.. ReadAll().Select(static revocation => revocation.Record)];

    /// <summary>Gives the revocations of one kind.</summary>
    public List<StoredRevocation> Find(RevocationTargetKind kind) => [.. ReadAll().Where(revocation => revocation.Record.Kind == kind)];

    /// <summary>Tells whether a record, first or later, can be found by its target.</summary>
    public bool Holds(long sequence, RevocationRecord record)
    {
        using var rows = _holds.Query(sequence, (long)record.Kind, record.Value);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _extend.Dispose();
        _find.Dispose();
        _all.Dispose();
        _holds.Dispose();
    }

    private List<StoredRevocation> ReadAll()
    {
        var all = new List<StoredRevocation>();
        using var rows = _all.Query();
        while (rows.Read())
        {
            all.Add(Read(rows));
        }

        return all;
    }

    private static StoredRevocation Read(SqliteDataReader rows)
    {
        var first = RevocationContent.Read(rows.GetFieldValue<byte[]>(1));
        return rows.GetInt64(0) == rows.GetInt64(2)
            ? new StoredRevocation(rows.GetInt64(0), first)
            : new StoredRevocation(rows.GetInt64(0), first with { ExpiresAt = RevocationContent.Read(rows.GetFieldValue<byte[]>(3)).ExpiresAt });
    }
}
