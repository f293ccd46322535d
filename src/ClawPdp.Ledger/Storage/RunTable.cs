using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Finds runs and everything that belongs to one.</summary>
internal sealed class RunTable : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _finish;
    private readonly Statement _find;
    private readonly Statement _addMember;
    private readonly Statement _count;
    private readonly Statement _members;
    private readonly Statement _holds;

    public RunTable(SqliteConnection connection)
    {
        _insert = new Statement(connection, "INSERT INTO run VALUES ($sequence, $run, NULL)", "$sequence", "$run");
        _finish = new Statement(
            connection,
            "UPDATE run SET finish_sequence = $sequence WHERE run_id = $run",
            "$sequence",
            "$run");
        _find = new Statement(
            connection,
            "SELECT sequence, content, finish_sequence FROM run JOIN record USING (sequence) WHERE run_id = $run",
            "$run");
        _addMember = new Statement(
            connection,
            "INSERT INTO run_record VALUES ($run, $sequence, $kind, $agent)",
            "$run",
            "$sequence",
            "$kind",
            "$agent");
        _count = new Statement(
            connection,
            "SELECT count(*) FROM run_record WHERE run_id = $run AND agent = $agent AND kind = $kind",
            "$run",
            "$agent",
            "$kind");
        _members = new Statement(
            connection,
            "SELECT sequence FROM run_record WHERE run_id = $run AND agent = $agent ORDER BY sequence",
            "$run",
            "$agent");
        _holds = new Statement(
            connection,
            "SELECT 1 FROM run_record WHERE run_id = $run AND sequence = $sequence AND kind = $kind",
            "$run",
            "$sequence",
            "$kind");
    }

    public void Insert(long sequence, string runId) => _insert.Run(sequence, runId);

    public void Finish(string runId, long sequence) => _finish.Run(sequence, runId);

    /// <summary>Gives the start of a run and the sequence of the seal that finished it, 0 while it is open.</summary>
    public (StoredRecord Start, long FinishSequence)? Find(string runId)
    {
        using var rows = _find.Query(runId);
        return rows.Read()
            ? (new StoredRecord(rows.GetInt64(0), rows.GetBytes(1)), rows.IsDBNull(2) ? 0 : rows.GetInt64(2))
            : null;
    }

    /// <summary>Notes that a record names a run, reported or asked by an agent. Whether it is the run's own agent is told when it is read.</summary>
    public void AddMember(string runId, long sequence, RecordKind kind, string agentDid) => _addMember.Run(runId, sequence, (long)kind, agentDid);

    public int Count(string runId, string agentDid, RecordKind kind)
    {
        using var rows = _count.Query(runId, agentDid, (long)kind);
        return rows.Read() ? rows.GetInt32(0) : 0;
    }

    /// <summary>Gives the sequences of what an agent did in a run, ascending.</summary>
    public ImmutableArray<long> Members(string runId, string agentDid)
    {
        using var rows = _members.Query(runId, agentDid);
        var found = ImmutableArray.CreateBuilder<long>();
        while (rows.Read())
        {
            found.Add(rows.GetInt64(0));
        }

        return found.ToImmutable();
    }

    /// <summary>Tells whether a record is found by its run.</summary>
    public bool Holds(string runId, long sequence, RecordKind kind)
    {
        using var rows = _holds.Query(runId, sequence, (long)kind);
        return rows.Read();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _finish.Dispose();
        _find.Dispose();
        _addMember.Dispose();
        _count.Dispose();
        _members.Dispose();
        _holds.Dispose();
    }
}
