using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>
/// Checks a ledger from its file alone: pages, tables, the whole chain, and that what finds the records is exactly what they say. What was
/// cut off at the end is seen only with a head that was kept elsewhere, such as the transparency log's.
/// </summary>
public sealed class LedgerCheck
{
    private readonly LedgerSnapshot _ledger;
    private readonly LedgerHead? _anchor;
    private readonly CancellationToken _cancellation;
    private readonly ImmutableArray<LedgerCheckStep>.Builder _steps = ImmutableArray.CreateBuilder<LedgerCheckStep>();

    private LedgerCheck(LedgerSnapshot ledger, LedgerHead? anchor, CancellationToken cancellation)
    {
        _ledger = ledger;
        _anchor = anchor;
        _cancellation = cancellation;
    }

    /// <summary>Checks the whole ledger.</summary>
    /// <param name="ledger">The ledger as it is at one moment.</param>
    /// <param name="anchor">A head kept elsewhere; <see langword="null"/> for none.</param>
    /// <param name="cancellation">Ends the checking.</param>
    /// <returns>The steps that were done, in order; the last one is the one that failed, if any did.</returns>
    public static ImmutableArray<LedgerCheckStep> Run(LedgerSnapshot ledger, LedgerHead? anchor, CancellationToken cancellation)
    {
        var check = new LedgerCheck(ledger, anchor, cancellation);
        _ = check.Step("pages", check.CheckPages)
            && check.Step("schema", check.CheckSchema)
            && check.Step("chain", check.CheckChain)
            && check.Step("index", check.CheckIndex);
        return check._steps.ToImmutable();
    }

    /// <summary>Checks the newest records and the tables alone, which takes the same time whatever the size.</summary>
    /// <param name="ledger">The ledger as it is at one moment.</param>
    /// <param name="count">How many records.</param>
    public static ImmutableArray<LedgerCheckStep> RunTail(LedgerSnapshot ledger, int count)
    {
        var check = new LedgerCheck(ledger, anchor: null, CancellationToken.None);
        _ = check.Step("schema", check.CheckSchema)
            && check.Step("tail", () => Verdict(ledger.Guard(count, ChainWalk.WalkTail), "the newest records hang together"));
        return check._steps.ToImmutable();
    }

    private static (bool, string) Verdict(ChainFault? fault, string good) =>
        fault is null ? (true, good) : (false, string.Create(CultureInfo.InvariantCulture, $"record {fault.Sequence}: {fault.Kind}"));

    private bool Step(string name, Func<(bool Passed, string Detail)> check)
    {
        try
        {
            var (passed, detail) = check();
            _steps.Add(new LedgerCheckStep(name, passed, detail));
            return passed;
        }
        catch (SqliteException failure)
        {
            _steps.Add(new LedgerCheckStep(name, Passed: false, LedgerFailures.Translate(failure).Message));
            return false;
        }
        catch (LedgerException failure)
        {
            _steps.Add(new LedgerCheckStep(name, Passed: false, failure.Message));
            return false;
        }
    }

    private (bool, string) CheckPages()
    {
        var verdict = LedgerDatabase.Ask(_ledger.Tables.Connection, "PRAGMA integrity_check(1)") ?? "";
        return verdict is "ok" ? (true, "SQLite finds every page and index in order") : (false, verdict.ReplaceLineEndings(" "));
    }

    // A trigger or a view that somebody added would act for us; a missing index would only be slow.
    private (bool, string) CheckSchema()
    {
        using var model = new SqliteConnection("Data Source=:memory:");
        model.Open();
        LedgerSchema.Upgrade(model, version: 0, LedgerSchema.Steps);
        return string.Equals(TablesOf(model), TablesOf(_ledger.Tables.Connection), StringComparison.Ordinal)
            ? (true, string.Create(CultureInfo.InvariantCulture, $"the tables are those of version {_ledger.SchemaVersion}"))
            : (false, string.Create(CultureInfo.InvariantCulture, $"the tables are not those of version {_ledger.SchemaVersion}"));
    }

    private static string? TablesOf(SqliteConnection connection) => LedgerDatabase.Ask(
        connection,
        "SELECT group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10)) FROM (SELECT * FROM sqlite_schema ORDER BY type, name)");

    private (bool, string) CheckChain()
    {
        var fault = _ledger.Guard((_anchor, _cancellation), static (tables, argument) => ChainWalk.WalkAll(tables, argument._anchor, argument._cancellation));
        var pruned = _ledger.LastPrune is { } prune ? string.Create(CultureInfo.InvariantCulture, $"; pruned up to record {prune.ThroughSequence}, where what is left is what was left") : "";
        return Verdict(fault, string.Create(CultureInfo.InvariantCulture, $"the records 1 to {_ledger.Head.Sequence} hang together{pruned}"));
    }

    private (bool, string) CheckIndex()
    {
        foreach (var rule in IndexRules.All)
        {
            _cancellation.ThrowIfCancellationRequested();
            using var query = new ComposedQuery(_ledger.Tables.Connection, rule.Query, ("$through", _ledger.LastPrune?.ThroughSequence ?? 0));
            if (query.Read())
            {
                return (false, string.Create(CultureInfo.InvariantCulture, $"{rule.Complaint}, record {query.Number(0)}"));
            }
        }

        return (true, "what finds the records is what they say");
    }
}
