using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>Copies a database page by page and flushes as it goes, so that the commits of a running sidecar never wait for one long flush.</summary>
internal static class PacedCopy
{
    private const int PagesPerStep = 256;

    /// <summary>Copies what a connection's open transaction sees to an empty file.</summary>
    /// <exception cref="SqliteException">The source cannot be read, or the target not be written.</exception>
    /// <exception cref="IOException">The target cannot be brought to disk.</exception>
    public static void Run(SqliteConnection source, string target)
    {
        // Open until the end: closing any handle on a file drops SQLite's locks on it (fcntl(2)).
        using var file = new FileStream(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        using (var copy = LedgerDatabase.OpenWriter(target, TimeSpan.FromSeconds(1)))
        {
            var backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main");
            var outcome = raw.SQLITE_OK;
            while (outcome == raw.SQLITE_OK)
            {
                outcome = raw.sqlite3_backup_step(backup, PagesPerStep);
                file.Flush(flushToDisk: true);
            }

            var last = raw.sqlite3_backup_finish(backup);
            SqliteException.ThrowExceptionForRC(outcome == raw.SQLITE_DONE ? last : outcome, copy.Handle);
        }

        file.Flush(flushToDisk: true);
    }
}
