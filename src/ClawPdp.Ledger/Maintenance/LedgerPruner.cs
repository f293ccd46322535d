using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Storage;
using ClawPdp.Ledger.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>
/// Removes old records from a ledger that no sidecar has open, in one transaction: after a crash at any moment there is the ledger as it
/// was, or the pruned one. Holds the directory until disposed.
/// </summary>
public sealed class LedgerPruner : IDisposable
{
    private readonly FileStream _lock;
    private readonly WriteSession _session;
    private readonly TimeProvider _time;

    private LedgerPruner(FileStream directoryLock, WriteSession session, TimeProvider time)
    {
        _lock = directoryLock;
        _session = session;
        _time = time;
    }

    /// <summary>Takes a data directory and opens its ledger.</summary>
    /// <exception cref="LedgerException">A sidecar has it open, there is none, or it is not fit to be written to.</exception>
    public static LedgerPruner Open(string directoryPath, TimeProvider time, ILogger logger)
    {
        var path = Path.Combine(directoryPath, LedgerFiles.DatabaseName);
        if (!File.Exists(path))
        {
            throw new LedgerException(LedgerFault.NotALedger, $"{directoryPath}: no ledger in this folder");
        }

        FileStream? directoryLock = null;
        try
        {
            LedgerFiles.EnsureDirectory(directoryPath);
            directoryLock = LedgerFiles.TakeLock(directoryPath);
            LedgerFiles.EnsureDatabase(path);
            LedgerFiles.RewriteLog(path);
            var pruner = new LedgerPruner(directoryLock, LedgerOpening.Open(path, new LedgerSettings { DirectoryPath = directoryPath }, logger), time);
            directoryLock = null;
            return pruner;
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
        finally
        {
            directoryLock?.Dispose();
        }
    }

    /// <summary>Refuses an instant that nothing can be pruned by.</summary>
    /// <exception cref="ArgumentException">It is too near, or before that of an earlier pruning.</exception>
    /// <exception cref="LedgerException">The record of an earlier pruning is damaged.</exception>
    public void ThrowUnlessAllowed(DateTimeOffset before)
    {
        var latest = _time.GetUtcNow() - PruneRequest.AgeMin;
        if (before > latest)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{before:yyyy-MM-dd'T'HH:mm:ss'Z'} is less than {PruneRequest.AgeMin.TotalDays} days ago: for so long a nonce is remembered, and its receipt must be there to be given again; the latest is {latest:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
                nameof(before));
        }

        if (_session.Tables.Records.LastPrune() is { } earlier && before < earlier.Record.Before)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"the ledger was pruned of everything before {earlier.Record.Before:yyyy-MM-dd'T'HH:mm:ss'Z'} already"),
                nameof(before));
        }
    }

    /// <summary>Prunes the ledger, or tells what would be removed.</summary>
    /// <exception cref="ArgumentException">The instant is too near, or before that of an earlier pruning.</exception>
    /// <exception cref="LedgerException">A record is damaged, or the file cannot be written; nothing was removed.</exception>
    public PruneReport Prune(PruneRequest request, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        ThrowUnlessAllowed(request.Before);
        try
        {
            var plan = PrunePlan.Make(_session.Tables, request, cancellation);
            var report = Report(plan);
            return request.IsDryRun || report.RemovedCount == 0 ? report : report with { PruneSequence = Remove(plan, request, report, now, cancellation) };
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
        finally
        {
            LedgerDatabase.Run(_session.Tables.Connection, "DROP TABLE IF EXISTS temp.keep; DROP TABLE IF EXISTS temp.stub");
        }
    }

    /// <summary>Writes the file anew without the space that removed records left, and empties the write-ahead log.</summary>
    /// <exception cref="LedgerException">It could not be done, for want of space most likely; the ledger is unharmed.</exception>
    public void Compact()
    {
        try
        {
            LedgerDatabase.Run(_session.Tables.Connection, "VACUUM");
            _session.Checkpoint();
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _lock.Dispose();
    }

    private PruneReport Report(PrunePlan plan)
    {
        const string Is = "FROM record WHERE sequence <= $through AND length(content) > 0 AND sequence";
        return new PruneReport
        {
            ThroughSequence = plan.Through,
            Removed = Count($"SELECT kind, count(*) {Is} NOT IN (SELECT sequence FROM temp.keep) GROUP BY kind", plan.Through),
            Kept = Count($"SELECT kind, count(*) {Is} IN (SELECT sequence FROM temp.keep) GROUP BY kind", plan.Through),
            RemovedBytes = Count($"SELECT 1, coalesce(sum(length(content)), 0) {Is} NOT IN (SELECT sequence FROM temp.keep)", plan.Through).Values.Sum(),
            OpenRunCount = plan.OpenRunCount,
        };
    }

    private ImmutableSortedDictionary<RecordKind, long> Count(string query, long through)
    {
        using var rows = new ComposedQuery(_session.Tables.Connection, query, ("$through", through));
        var counts = ImmutableSortedDictionary.CreateBuilder<RecordKind, long>();
        while (rows.Read())
        {
            counts.Add((RecordKind)rows.Number(0), rows.Number(1));
        }

        return counts.ToImmutable();
    }

    private long Remove(PrunePlan plan, PruneRequest request, PruneReport report, DateTimeOffset now, CancellationToken cancellation)
    {
        _session.Begin();
        try
        {
            PruneRemoval.Remove(_session.Tables.Connection, plan.Through);
            var sequence = PruneRemoval.Record(_session, new PruneRecord
            {
                Before = request.Before,
                ThroughSequence = plan.Through,
                ThroughHash = "",
                RemovedCount = report.RemovedCount,
                KeptHash = "",
                PrunedAt = now,
            });
            // What is left must hold by itself before there is no way back.
            if (ChainWalk.WalkAll(_session.Tables, anchor: null, cancellation) is { } fault)
            {
                throw new LedgerException(LedgerFault.Corrupt, string.Create(CultureInfo.InvariantCulture, $"the pruned chain would be broken at record {fault.Sequence}: {fault.Kind}; nothing was removed"));
            }

            _session.Commit();
            return sequence;
        }
        catch
        {
            _session.Rollback();
            throw;
        }
    }
}
