using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Storage;

/// <summary>Says in the ledger's words what SQLite reports.</summary>
internal static class LedgerFailures
{
    public static bool IsConstraint(SqliteException failure) => failure.SqliteErrorCode == raw.SQLITE_CONSTRAINT;

    /// <summary>
    /// Tells whether a connection is not to be trusted after a failure. A full disk, a lock and a constraint leave it as it was; after a
    /// flush that failed, on a file that became read-only, or after anything else, nobody knows.
    /// </summary>
    public static bool LeavesDoubt(Exception failure) =>
        failure is SqliteException sqlite && sqlite.SqliteErrorCode is not (raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_CONSTRAINT);

    /// <summary>Gives SQLite's extended result code; its code for an internal error when the failure is not SQLite's.</summary>
    public static int CodeOf(Exception failure) => (failure as SqliteException)?.SqliteExtendedErrorCode ?? raw.SQLITE_INTERNAL;

    /// <summary>Says why a whole batch failed: to a waiter the ledger is unavailable, whatever the cause. Each gets one of its own.</summary>
    public static LedgerException ForWaiter(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: raw.SQLITE_FULL } full
            ? Translate(full)
            : new LedgerException($"the ledger's file cannot be written, SQLite result {CodeOf(failure)}", failure);

    /// <summary>Says why a file could not be opened, and which.</summary>
    public static LedgerException ForOpening(SqliteException failure, string path)
    {
        var translated = Translate(failure);
        return new LedgerException(translated.Fault, $"`{path}`: {translated.Message}", failure);
    }

    public static LedgerException Translate(SqliteException failure) =>
        failure.SqliteErrorCode switch
        {
            raw.SQLITE_CONSTRAINT => new LedgerException(LedgerFault.Conflict, "the record's id is taken by another record", failure),
            raw.SQLITE_CORRUPT => new LedgerException(LedgerFault.Corrupt, "the ledger's file is damaged", failure),
            raw.SQLITE_NOTADB => new LedgerException(LedgerFault.NotALedger, "the file is not a database", failure),
            raw.SQLITE_FULL => new LedgerException("the disk is full, or the ledger is at its size limit", failure),
            _ => new LedgerException($"the ledger's file cannot be used, SQLite result {failure.SqliteExtendedErrorCode}", failure),
        };
}
