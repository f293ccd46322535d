using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds decisions by their ids.</summary>
internal sealed class DecisionTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _find;
    private readonly Statement _holds;

    public DecisionTable(SqliteConnection connection)
    {
        _insert = new Statement(connection, "INSERT INTO decision VALUES ($sequence, $id)", "$sequence", "$id");
        _find = new Statement(
            connection,
            "SELECT sequence, content FROM decision JOIN record USING (sequence) WHERE decision_id = $id",
            "$id");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM decision WHERE sequence = $sequence AND decision_id = $id",
            "$sequence",
            "$id");
    }

    public void Insert(long sequence, string decisionId) => _insert.Run(sequence, decisionId);

    public StoredRecord? Find(string decisionId) => _find.Find(decisionId);

    /// <summary>Tells whether a record can be found by its id.</summary>
    public bool Holds(long sequence, string decisionId)
    {
        using var rows = _holds.Query(sequence, decisionId);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _find.Dispose();
        _holds.Dispose();
    }
}
