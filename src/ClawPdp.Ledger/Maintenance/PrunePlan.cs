using System.Collections.Immutable;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>
/// Finds what a pruning keeps, in two tables of its connection: <c>keep</c> has the records that stay whole, <c>stub</c> those of which the
/// hash stays. Everything else up to the point is to be removed.
/// </summary>
internal sealed class PrunePlan
{
    private const int ParentCountMax = 8;

    // A pruned record is no JSON, and SQLite may look at more rows than it gives.
    private const string TokenHash = "json_extract(iif(length(r.content) > 0, CAST(r.content AS TEXT), NULL), '$.token_hash')";
    private const string ParentTokenHash = "json_extract(iif(length(r.content) > 0, CAST(r.content AS TEXT), NULL), '$.parent_token_hash')";
    private const string DecisionId = "json_extract(iif(length(r.content) > 0, CAST(r.content AS TEXT), NULL), '$.decision_id')";

    // Open, or with anything in it that its own agent did behind the point; and not wholly behind it.
    private const string KeptRuns =
        """
        SELECT t.run_id FROM run AS t
        WHERE (
            t.finish_sequence IS NULL OR t.finish_sequence > $through OR EXISTS (
                SELECT 1 FROM run_record AS m
                WHERE m.run_id = t.run_id AND m.sequence > $through
                    AND m.agent = (SELECT s.agent FROM run_record AS s WHERE s.run_id = t.run_id AND s.sequence = t.sequence)))
            AND EXISTS (SELECT 1 FROM run_record AS m WHERE m.run_id = t.run_id AND m.sequence <= $through)
        """;

    private readonly LedgerTables _tables;
    private readonly PruneRequest _request;

    private PrunePlan(LedgerTables tables, PruneRequest request)
    {
        _tables = tables;
        _request = request;
    }

    /// <summary>Gets the last record that is looked at.</summary>
    public long Through { get; private set; }

    /// <summary>Gets how many runs up to there were never finished.</summary>
    public long OpenRunCount { get; private set; }

    /// <summary>Makes the plan; the ledger itself is not changed.</summary>
    /// <exception cref="LedgerException">A record is damaged.</exception>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static PrunePlan Make(LedgerTables tables, PruneRequest request, CancellationToken cancellation)
    {
        var plan = new PrunePlan(tables, request);
        plan.Through = plan.FindThrough(cancellation);
        LedgerDatabase.Run(tables.Connection, "CREATE TEMP TABLE keep (sequence INTEGER PRIMARY KEY); CREATE TEMP TABLE stub (sequence INTEGER PRIMARY KEY)");
        if (plan.Through > 0)
        {
            plan.Keep();
            plan.KeepHashes();
        }

        return plan;
    }

    private long FindThrough(CancellationToken cancellation)
    {
        var found = LastOfAge(cancellation);
        return _tables.Records.LastPrune() is { } earlier && earlier.Record.ThroughSequence > found ? 0 : found;
    }

    // The first record that is not old enough ends it, so that a clock that ran wrong for a while costs nothing that is young.
    private long LastOfAge(CancellationToken cancellation)
    {
        using var rows = _tables.Records.From(1);
        while (rows.Read() && rows.GetInt64(0) is var sequence && sequence <= _request.PublishedThrough)
        {
            cancellation.ThrowIfCancellationRequested();
            var content = rows.GetBytes(2);
            if (content.Length > 0 && RecordInstant.Of((RecordKind)rows.GetInt32(1), content) >= _request.Before)
            {
                return sequence - 1;
            }
        }

        return _request.PublishedThrough;
    }

    private void Keep()
    {
        Run("INSERT INTO temp.keep SELECT sequence FROM record WHERE sequence <= $through AND kind IN (6, 10, 11, 12) AND length(content) > 0");
        KeepRevocations();
        KeepIssuances();
        KeepRuns();
        // What records behind the point name of those before it.
        Run($"INSERT OR IGNORE INTO temp.keep SELECT d.sequence FROM record AS r JOIN decision AS d ON d.decision_id = {DecisionId} WHERE r.sequence > $through AND r.kind = 1 AND d.sequence <= $through");
        Run($"INSERT OR IGNORE INTO temp.keep SELECT i.sequence FROM record AS r JOIN issuance AS i ON i.token_hash = {TokenHash} WHERE r.sequence > $through AND r.kind IN (1, 4, 5, 7, 8) AND i.sequence <= $through");
        Run($"INSERT OR IGNORE INTO temp.keep SELECT i.sequence FROM temp.keep AS k JOIN record AS r USING (sequence) JOIN issuance AS i ON i.token_hash = {TokenHash} WHERE r.kind IN (1, 4, 5, 7, 8) AND i.sequence <= $through");
        KeepParents();
    }

    // A kept token is of no use to an auditor without those that it came from. None has more than eight.
    private void KeepParents()
    {
        for (var depth = 0; depth < ParentCountMax; depth++)
        {
            Run($"INSERT OR IGNORE INTO temp.keep SELECT i.sequence FROM temp.keep AS k JOIN record AS r USING (sequence) JOIN issuance AS i ON i.token_hash = {ParentTokenHash} WHERE r.kind = 2 AND i.sequence <= $through");
        }
    }

    // Every record of a target that is still revoked, the ones that only lengthened it included.
    private void KeepRevocations()
    {
        using var expiry = new Statement(
            _tables.Connection,
            "SELECT e.sequence, e.content FROM revocation AS t JOIN record AS e ON e.sequence = t.expiry_sequence WHERE t.kind = $kind AND t.value = $value",
            "$kind",
            "$value");
        KeepWhere(RecordKind.Revocation, content =>
        {
            var record = RevocationContent.Read(content);
            return expiry.Find((long)record.Kind, record.Value) is not { } last || last.Sequence > Through || RevocationContent.Read(last.Content).ExpiresAt is not { } end || end >= _request.Before;
        });
    }

    private void KeepIssuances() => KeepWhere(RecordKind.Issuance, content => IssuanceContent.Read(content).ExpiresAt >= _request.Before);

    private void KeepWhere(RecordKind kind, Func<byte[], bool> isNeeded)
    {
        using var insert = Inserting();
        using var rows = new ComposedQuery(
            _tables.Connection,
            "SELECT sequence, content FROM record WHERE sequence <= $through AND kind = $kind AND length(content) > 0",
            ("$through", Through),
            ("$kind", (long)kind));
        while (rows.Read())
        {
            if (isNeeded(rows.Bytes(1)))
            {
                insert.Run(rows.Number(0));
            }
        }
    }

    private void KeepRuns()
    {
        using var insert = Inserting();
        foreach (var runId in Texts(KeptRuns))
        {
            if (RunReads.Find(_tables, runId) is { } run)
            {
                OpenRunCount += run.FinishedAt is null ? 1 : 0;
                foreach (var sequence in RunMembers.Collect(_tables, run.Run).Where(sequence => sequence <= Through))
                {
                    insert.Run(sequence);
                }
            }
        }
    }

    private void KeepHashes()
    {
        // The record before a kept one is its link.
        Run("INSERT OR IGNORE INTO temp.stub SELECT sequence - 1 FROM (SELECT sequence FROM temp.keep UNION ALL SELECT $through + 1) WHERE sequence > 1 AND sequence - 1 NOT IN (SELECT sequence FROM temp.keep)");
        using var batch = new Statement(
            _tables.Connection,
            """
            INSERT OR IGNORE INTO temp.stub SELECT sequence FROM record
            WHERE sequence BETWEEN $first AND $last AND sequence <= $through AND sequence NOT IN (SELECT sequence FROM temp.keep)
                AND EXISTS (SELECT 1 FROM record AS r WHERE r.sequence BETWEEN $first AND $last AND (r.sequence > $through OR r.sequence IN (SELECT sequence FROM temp.keep)))
            """,
            "$first",
            "$last",
            "$through");
        foreach (var (first, last) in _request.Batches.TakeWhile(batch => batch.First <= Through))
        {
            batch.Run(first, last, Through);
        }
    }

    private Statement Inserting() => new(_tables.Connection, "INSERT OR IGNORE INTO temp.keep VALUES ($sequence)", "$sequence");

    private ImmutableArray<string> Texts(string query)
    {
        using var rows = new ComposedQuery(_tables.Connection, query, ("$through", Through));
        var all = ImmutableArray.CreateBuilder<string>();
        while (rows.Read())
        {
            all.Add(rows.Text(0));
        }

        return all.DrainToImmutable();
    }

    private void Run(string statement) => ComposedQuery.Run(_tables.Connection, statement, ("$through", Through));
}
