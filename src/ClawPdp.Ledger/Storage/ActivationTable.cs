using System.Collections.Immutable;
using ClawPdp.Ledger.Policies;
using ClawPdp.Ledger.Records;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds activations by their numbers and audiences.</summary>
internal sealed class ActivationTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _lastNumber;
    private readonly Statement _last;
    private readonly Statement _lastOfEach;
    private readonly Statement _page;
    private readonly Statement _holds;

    public ActivationTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO activation VALUES ($number, $sequence, $audience)",
            "$number",
            "$sequence",
            "$audience");
        _lastNumber = new Statement(connection, "SELECT COALESCE(max(number), 0) FROM activation");
        _last = new Statement(
            connection,
            """
            SELECT sequence, content FROM activation JOIN record USING (sequence)
            WHERE audience = $audience ORDER BY number DESC LIMIT 1
            """,
            "$audience");
        _lastOfEach = new Statement(
            connection,
            """
            SELECT content FROM activation JOIN record USING (sequence)
            WHERE number IN (SELECT max(number) FROM activation GROUP BY audience) ORDER BY number
            """);
        _page = new Statement(
            connection,
            """
            SELECT content FROM activation JOIN record USING (sequence)
            WHERE number < $before ORDER BY number DESC LIMIT $count
            """,
            "$before",
            "$count");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM activation WHERE number = $number AND sequence = $sequence AND audience = $audience",
            "$number",
            "$sequence",
            "$audience");
    }

    public void Insert(long sequence, ActivationRecord record) => _insert.Run(record.ActivationNumber, sequence, record.Audience);

    /// <summary>Gives the highest number; 0 when there is none.</summary>
    public long LastNumber()
    {
        using var rows = _lastNumber.Query();
        return rows.Read() ? rows.GetInt64(0) : 0;
    }

    /// <summary>Gives the last activation of an audience; <see langword="null"/> for none.</summary>
    public ActivationRecord? Last(string audience) => _last.Find(audience) is { } stored ? ActivationContent.Read(stored.Content) : null;

    /// <summary>Gives the last activation of each audience, ascending by number.</summary>
    public ImmutableArray<ActivationRecord> LastOfEach()
    {
        using var rows = _lastOfEach.Query();
        return ReadAll(rows);
    }

    /// <summary>Gives activations below a number, 0 standing for no bound, the latest first.</summary>
    public ImmutableArray<ActivationRecord> Page(long before, int countMax)
    {
        using var rows = _page.Query(before == 0 ? long.MaxValue : before, (long)countMax);
        return ReadAll(rows);
    }

    /// <summary>Tells whether a record can be found by all its keys.</summary>
    public bool Holds(long sequence, ActivationRecord record)
    {
        using var rows = _holds.Query(record.ActivationNumber, sequence, record.Audience);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _lastNumber.Dispose();
        _last.Dispose();
        _lastOfEach.Dispose();
        _page.Dispose();
        _holds.Dispose();
    }

    private static ImmutableArray<ActivationRecord> ReadAll(StatementRows rows)
    {
        var all = ImmutableArray.CreateBuilder<ActivationRecord>();
        while (rows.Read())
        {
            all.Add(ActivationContent.Read(rows.GetBytes(0)));
        }

        return all.DrainToImmutable();
    }
}
