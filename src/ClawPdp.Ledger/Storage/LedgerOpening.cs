using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger.Storage;

/// <summary>Gets a data directory from whatever state it is in to one that may be written to, or refuses it.</summary>
internal static class LedgerOpening
{
    private const int TailLength = 1000;

    /// <summary>Gives the connection that writes.</summary>
    /// <exception cref="LedgerException">The file is not fit to be written to.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static WriteSession Open(string path, LedgerSettings settings, ILogger logger)
    {
        var connection = LedgerDatabase.OpenWriter(path, settings.BusyTimeout);
        try
        {
            var version = LedgerSchema.ReadVersion(connection, LedgerSchema.Steps.Length);
            LedgerDatabase.MakeDurable(connection, settings.SizeMaxBytes);
            if (version < LedgerSchema.Steps.Length)
            {
                LedgerSchema.Upgrade(connection, version, LedgerSchema.Steps);
                Log.Upgraded(logger, version, LedgerSchema.Steps.Length);
            }

            if (settings.ChecksAtOpening)
            {
                CheckPages(connection, path, settings.QuickCheckSizeMaxBytes, logger);
            }

            var session = new WriteSession(connection);
            if (settings.ChecksAtOpening)
            {
                CheckTail(session.Tables);
            }

            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gives another connection that writes, after the one before came into doubt. A reader must have been open all the time: then the
    /// index of the write-ahead log is the one that everybody shares, in which nothing of a failed commit stands, and the next commit
    /// overwrites what is left of it. An opening without that would read the log anew, could take a commit whose flush failed for whole,
    /// and would never write its pages again.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">How the ledger is kept.</param>
    /// <param name="committed">The last record that was acknowledged: the file must have it.</param>
    /// <exception cref="LedgerException">The file is not fit to be written to.</exception>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static WriteSession Reopen(string path, LedgerSettings settings, ChainHead committed)
    {
        var connection = LedgerDatabase.OpenWriter(path, settings.BusyTimeout);
        try
        {
            LedgerDatabase.ThrowIfReadOnly(connection);
            LedgerDatabase.MakeDurable(connection, settings.SizeMaxBytes);
            var session = new WriteSession(connection);
            if (committed.Sequence > 0 && !session.Tables.Records.Read(committed.Sequence).Hash.Span.SequenceEqual(committed.Hash))
            {
                throw new LedgerException(LedgerFault.Corrupt, $"the ledger's file `{path}` is not the one that was written before");
            }

            CheckTail(session.Tables);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CheckPages(SqliteConnection connection, string path, long sizeMaxBytes, ILogger logger)
    {
        var sizeBytes = new FileInfo(path).Length;
        if (sizeBytes > sizeMaxBytes)
        {
            Log.QuickCheckSkipped(logger, sizeBytes);
            return;
        }

        // Not the quick check: it does not compare indexes with their tables, and an index that lost a nonce would let it be used again.
        if (!string.Equals(LedgerDatabase.Ask(connection, "PRAGMA integrity_check(1)"), "ok", StringComparison.Ordinal))
        {
            throw new LedgerException(LedgerFault.Corrupt, $"the ledger's file `{path}` is damaged; restore it from a backup");
        }
    }

    private static void CheckTail(LedgerTables tables)
    {
        if (ChainWalk.WalkTail(tables, TailLength) is { } fault)
        {
            throw new LedgerException(LedgerFault.Corrupt, $"the ledger's chain is broken at record {fault.Sequence}: {fault.Kind}");
        }
    }
}
