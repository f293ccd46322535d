using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Storage;

/// <summary>
/// A statement that is prepared when it is first used, and stays so. It speaks to SQLite directly: a command of ADO.NET costs several times what
/// the statement itself does, and a receipt runs two dozen. Not safe for concurrent use.
/// </summary>
internal sealed class Statement : IDisposable
{
    // Ids and hashes are shorter; longer texts are copied once more.
    private const int ShortTextSizeMax = 512;

    private readonly SqliteConnection _connection;
    private readonly string _text;
    private readonly string[] _parameters;
    private readonly int[] _indexes;
    private sqlite3_stmt? _prepared;
    private StatementRows? _rows;

    /// <param name="connection">The connection; it must live as long.</param>
    /// <param name="text">The statement.</param>
    /// <param name="parameters">The names of its parameters, in the order in which values are given.</param>
    public Statement(SqliteConnection connection, string text, params ReadOnlySpan<string> parameters)
    {
        _connection = connection;
        _text = text;
        _parameters = parameters.ToArray();
        _indexes = new int[parameters.Length];
    }

    /// <summary>Runs it and gives how many rows it changed.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public int Run(params ReadOnlySpan<object> values)
    {
        using var rows = Query(values);
        while (rows.Read())
        {
            // It gives none.
        }

        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Runs it and gives its rows, which must be closed before it runs again.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public StatementRows Query(params ReadOnlySpan<object> values)
    {
        var prepared = _prepared ??= Prepare();
        for (var index = 0; index < values.Length; index++)
        {
            Check(Bind(prepared, _indexes[index], values[index]));
        }

        return _rows ??= new StatementRows(_connection, prepared);
    }

    /// <summary>Gives the first row of sequence and content; <see langword="null"/> when there is none.</summary>
    /// <exception cref="SqliteException">It failed.</exception>
    public StoredRecord? Find(params ReadOnlySpan<object> values)
    {
        using var rows = Query(values);
        return rows.Read() ? new StoredRecord(rows.GetInt64(0), rows.GetBytes(1)) : null;
    }

    public void Dispose() => _prepared?.Dispose();

    private static int Bind(sqlite3_stmt prepared, int index, object value) => value switch
    {
        long number => raw.sqlite3_bind_int64(prepared, index, number),
        string text => BindText(prepared, index, text),

        // An empty span has no address, and what has none is NULL to SQLite.
        byte[] { Length: 0 } => raw.sqlite3_bind_zeroblob(prepared, index, 0),
        byte[] bytes => raw.sqlite3_bind_blob(prepared, index, bytes),
        _ => throw new ArgumentException($"a {value.GetType().Name} is no value of a statement", nameof(value)),
    };

    private static int BindText(sqlite3_stmt prepared, int index, string text)
    {
        if (text.Length is 0 or > ShortTextSizeMax / 3)
        {
            return raw.sqlite3_bind_text(prepared, index, text);
        }

        Span<byte> short8 = stackalloc byte[ShortTextSizeMax];
        return raw.sqlite3_bind_text(prepared, index, short8[..Encoding.UTF8.GetBytes(text, short8)]);
    }

    private sqlite3_stmt Prepare()
    {
        Check(raw.sqlite3_prepare_v3(_connection.Handle, _text, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
        for (var index = 0; index < _parameters.Length; index++)
        {
            _indexes[index] = raw.sqlite3_bind_parameter_index(prepared, _parameters[index]);
        }

        return prepared;
    }

    private void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, _connection.Handle);
}
