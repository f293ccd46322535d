using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>A statement that is composed of our own texts, with numbers alone as its parameters, and run once.</summary>
internal sealed class ComposedQuery : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">The connection.</param>
    /// <param name="text">The statement.</param>
    /// <param name="parameters">Values by their names; those that the statement does not have are left out.</param>
    /// <exception cref="SqliteException">The statement is wrong, or the file cannot be read.</exception>
    public ComposedQuery(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, text, out _statement));
        foreach (var (name, value) in parameters)
        {
            if (raw.sqlite3_bind_parameter_index(_statement, name) is > 0 and var index)
            {
                Check(raw.sqlite3_bind_int64(_statement, index, value));
            }
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public static void Run(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        using var query = new ComposedQuery(connection, text, parameters);
        while (query.Read())
        {
            // It gives none.
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Read()
    {
        var outcome = raw.sqlite3_step(_statement);
        if (outcome is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(outcome);
        }

        return outcome == raw.SQLITE_ROW;
    }

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, _connection.Handle);
}
