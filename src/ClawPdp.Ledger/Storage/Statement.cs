using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>A statement that is prepared once. Not safe for concurrent use.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="command">The statement; owned from here on.</param>
    /// <param name="parameters">The names of its parameters, in the order in which values are given.</param>
    public Statement(SqliteCommand command, params ReadOnlySpan<string> parameters)
    {
        _command = command;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter(name, value: null));
        }

        command.Prepare();
    }

    /// <summary>Runs it and gives how many rows it changed.</summary>
    public int Run(params ReadOnlySpan<object> values)
    {
        Bind(values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it and gives its rows, which must be closed before it runs again.</summary>
    public SqliteDataReader Query(params ReadOnlySpan<object> values)
    {
        Bind(values);
        return _command.ExecuteReader();
    }

    /// <summary>Gives the first row of sequence and content; <see langword="null"/> when there is none.</summary>
    public StoredRecord? Find(params ReadOnlySpan<object> values)
    {
        using var rows = Query(values);
        return rows.Read() ? new StoredRecord(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            _command.Parameters[index].Value = values[index];
        }
    }
}
