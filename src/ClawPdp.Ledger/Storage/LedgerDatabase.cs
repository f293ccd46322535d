using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Storage;

/// <summary>Opens connections that keep what they are given.</summary>
internal static class LedgerDatabase
{
    // Full: the log is flushed before a commit returns (sqlite.org/pragma.html#pragma_synchronous).
    private const long SynchronousFull = 2;

    /// <summary>Opens the file for writing and changes nothing yet.</summary>
    public static SqliteConnection OpenWriter(string path, TimeSpan busyTimeout) => Open(path, SqliteOpenMode.ReadWrite, busyTimeout);

    /// <summary>Makes every commit on a connection last.</summary>
    /// <exception cref="LedgerException">The file cannot be kept that way.</exception>
    public static void MakeDurable(SqliteConnection connection, long? sizeMaxBytes)
    {
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, "PRAGMA synchronous = FULL");
        // The log shrinks back to this after a burst; until then it is overwritten in place.
        Run(connection, "PRAGMA journal_size_limit = 67108864");
        // Whoever writes moves the log into the file (WriteSession.CheckpointIfDue): by itself SQLite does it inside the commit, while those
        // whose records are on disk already wait to hear of it.
        Run(connection, "PRAGMA wal_autocheckpoint = 0");
        BoundSize(connection, sizeMaxBytes);
        ThrowUnlessDurable(connection);
    }

    /// <exception cref="LedgerException">SQLite opened the file for reading alone, as it does where it must not write.</exception>
    public static void ThrowIfReadOnly(SqliteConnection connection)
    {
        if (raw.sqlite3_db_readonly(connection.Handle, "main") != 0)
        {
            throw new LedgerException("the ledger's file is read-only");
        }
    }

    public static SqliteConnection OpenReader(string path, TimeSpan busyTimeout) => Open(path, SqliteOpenMode.ReadOnly, busyTimeout);

    /// <summary>Bounds what a connection keeps of the file for the next read.</summary>
    public static void BoundCache(SqliteConnection connection, int kibibytes) =>
        // Negative for kibibytes, positive for pages (sqlite.org/pragma.html#pragma_cache_size).
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{kibibytes}"));

    public static void Run(SqliteConnection connection, string statement)
    {
        var outcome = raw.sqlite3_exec(connection.Handle, statement);
        SqliteException.ThrowExceptionForRC(outcome, connection.Handle);
    }

    /// <summary>Gives the only value of a statement's only row, as text; <see langword="null"/> when there is none.</summary>
    public static string? Ask(SqliteConnection connection, string statement)
    {
        var outcome = raw.sqlite3_prepare_v2(connection.Handle, statement, out var prepared);
        SqliteException.ThrowExceptionForRC(outcome, connection.Handle);
        using (prepared)
        {
            outcome = raw.sqlite3_step(prepared);
            if (outcome == raw.SQLITE_ROW)
            {
                return raw.sqlite3_column_text(prepared, 0).utf8_to_string();
            }

            SqliteException.ThrowExceptionForRC(outcome == raw.SQLITE_DONE ? raw.SQLITE_OK : outcome, connection.Handle);
            return null;
        }
    }

    public static long AskNumber(SqliteConnection connection, string statement) =>
        long.Parse(Ask(connection, statement) ?? "0", CultureInfo.InvariantCulture);

    private static SqliteConnection Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var options = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(options.ToString());
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);
            Run(connection, "PRAGMA trusted_schema = OFF");
            Run(connection, "PRAGMA cell_size_check = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void BoundSize(SqliteConnection connection, long? sizeMaxBytes)
    {
        if (sizeMaxBytes is { } bound)
        {
            var pages = Math.Min(bound / AskNumber(connection, "PRAGMA page_size"), uint.MaxValue - 1);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
        }
    }

    private static void ThrowUnlessDurable(SqliteConnection connection)
    {
        if (!string.Equals(Ask(connection, "PRAGMA journal_mode"), "wal", StringComparison.Ordinal))
        {
            throw new LedgerException(LedgerFault.NotDurable, "the ledger cannot keep a write-ahead log on this file system");
        }

        if (AskNumber(connection, "PRAGMA synchronous") != SynchronousFull)
        {
            throw new LedgerException(LedgerFault.NotDurable, "the ledger cannot flush each commit to disk");
        }
    }
}
