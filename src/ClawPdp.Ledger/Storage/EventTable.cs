using ClawPdp.Ledger.Runs;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds events.</summary>
internal sealed class EventTable : IDisposable
{
    private const string Select = "SELECT sequence, content FROM event JOIN record USING (sequence) WHERE run_id = $run";

    // A run's records stand in their order; the events that there are of it are among them.
    private const string SelectInOrder = "SELECT sequence, content FROM run_record JOIN record USING (sequence) WHERE run_id = $run AND run_record.kind = 8 ORDER BY sequence";

    private readonly Statement _insert;
    private readonly Statement _findById;
    private readonly Statement _findByHash;
    private readonly Statement _last;
    private readonly Statement _all;
    private readonly Statement _holds;

    public EventTable(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            "INSERT INTO event VALUES ($sequence, $run, $id, $hash)",
            "$sequence",
            "$run",
            "$id",
            "$hash");
        _findById = new Statement(connection, Select + " AND event_id = $id", "$run", "$id");
        _findByHash = new Statement(connection, Select + " AND event_hash = $hash", "$run", "$hash");
        _last = new Statement(connection, SelectInOrder + " DESC LIMIT 1", "$run");
        _all = new Statement(connection, SelectInOrder, "$run");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM event WHERE sequence = $sequence AND run_id = $run AND event_id = $id AND event_hash = $hash",
            "$sequence",
            "$run",
            "$id",
            "$hash");
    }

    public void Insert(long sequence, EventRecord record) =>
        _insert.Run(sequence, record.Event.RunId, record.Event.EventId, record.Event.EventHash);

    public StoredRecord? FindById(string runId, string eventId) => _findById.Find(runId, eventId);

    public StoredRecord? FindByHash(string runId, string eventHash) => _findByHash.Find(runId, eventHash);

    public StoredRecord? Last(string runId) => _last.Find(runId);

    /// <summary>Gives a run's events in order.</summary>
    public List<StoredRecord> All(string runId)
    {
        var all = new List<StoredRecord>();
        using var rows = _all.Query(runId);
        while (rows.Read())
        {
            all.Add(new StoredRecord(rows.GetInt64(0), rows.GetBytes(1)));
        }

        return all;
    }

    /// <summary>Tells whether a record can be found by all its keys.</summary>
    public bool Holds(long sequence, EventRecord record)
    {
        using var rows = _holds.Query(sequence, record.Event.RunId, record.Event.EventId, record.Event.EventHash);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _findById.Dispose();
        _findByHash.Dispose();
        _last.Dispose();
        _all.Dispose();
        _holds.Dispose();
    }
}
