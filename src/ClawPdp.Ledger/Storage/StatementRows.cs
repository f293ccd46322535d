using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Storage;

/// <summary>The rows of a statement as it runs; there is one for each statement, and closing it lets the statement run again.</summary>
internal sealed class StatementRows : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _prepared;

    /// <param name="connection">The connection.</param>
    /// <param name="prepared">The statement, its values bound.</param>
    public StatementRows(SqliteConnection connection, sqlite3_stmt prepared)
    {
        _connection = connection;
        _prepared = prepared;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="SqliteException">The statement failed.</exception>
    public bool Read()
    {
        var outcome = raw.sqlite3_step(_prepared);
        if (outcome is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            SqliteException.ThrowExceptionForRC(outcome, _connection.Handle);
        }

        return outcome == raw.SQLITE_ROW;
    }

    public long GetInt64(int column) => raw.sqlite3_column_int64(_prepared, column);

    public int GetInt32(int column) => raw.sqlite3_column_int(_prepared, column);

    public string GetString(int column) => raw.sqlite3_column_text(_prepared, column).utf8_to_string() ?? "";

    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(_prepared, column).ToArray();

    public bool IsDBNull(int column) => raw.sqlite3_column_type(_prepared, column) == raw.SQLITE_NULL;

    /// <summary>Ends the run. What failed was told when it failed.</summary>
    public void Dispose() => _ = raw.sqlite3_reset(_prepared);
}
