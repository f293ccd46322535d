using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds issuance records.</summary>
internal sealed class IssuanceTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _find;
    private readonly Statement _page;
    private readonly Statement _holds;

    public IssuanceTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO issuance VALUES ($sequence, $id, $token)",
            "$sequence",
            "$id",
            "$token");
        _find = new Statement(
            connection,
            "SELECT sequence, content FROM issuance JOIN record USING (sequence) WHERE token_hash = $token",
            "$token");
        _page = new Statement(
            connection,
            """
            SELECT sequence, content FROM issuance JOIN record USING (sequence)
            WHERE sequence < $before ORDER BY sequence DESC LIMIT $count
            """,
            "$before",
            "$count");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM issuance WHERE sequence = $sequence AND issuance_id = $id AND token_hash = $token",
            "$sequence",
            "$id",
            "$token");
    }

    public void Insert(long sequence, IssuanceRecord record) => _insert.Run(sequence, record.IssuanceId, record.TokenHash);

    public StoredRecord? FindByTokenHash(string tokenHash) => _find.Find(tokenHash);

    /// <summary>Gives issuances before a record, 0 standing for no bound, the latest first.</summary>
    public ImmutableArray<(IssuanceRecord Record, long Sequence)> Page(long before, int countMax)
    {
        var page = ImmutableArray.CreateBuilder<(IssuanceRecord, long)>();
        using var rows = _page.Query(before == 0 ? long.MaxValue : before, (long)countMax);
        while (rows.Read())
        {
            page.Add((IssuanceContent.Read(rows.GetBytes(1)), rows.GetInt64(0)));
        }

        return page.DrainToImmutable();
    }

    /// <summary>Tells whether a record can be found by all its keys.</summary>
    public bool Holds(long sequence, IssuanceRecord record)
    {
        using var rows = _holds.Query(sequence, record.IssuanceId, record.TokenHash);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _page.Dispose();
        _holds.Dispose();
    }
}
