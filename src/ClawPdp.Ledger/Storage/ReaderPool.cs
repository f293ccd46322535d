using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ClawPdp.Ledger.Storage;

/// <summary>Connections that read what is committed, beside the writer. Safe for concurrent use.</summary>
internal sealed class ReaderPool : IDisposable
{
    private const int IdleMax = 8;

    private readonly string _path;
    private readonly TimeSpan _busyTimeout;
    private readonly ConcurrentQueue<LedgerTables> _idle = new();
    private volatile bool _isClosed;

    public ReaderPool(string path, TimeSpan busyTimeout)
    {
        _path = path;
        _busyTimeout = busyTimeout;
    }

    /// <summary>Reads on a connection that nobody else uses meanwhile.</summary>
    /// <exception cref="LedgerException">The file cannot be read, a record in it is damaged, or the ledger is closed.</exception>
    public T Read<TArgument, T>(TArgument argument, Func<LedgerTables, TArgument, T> read)
    {
        if (_isClosed)
        {
            throw new LedgerException(LedgerFault.Closed, "the ledger is closed");
        }

        try
        {
            var tables = Rent();
            try
            {
                var found = read(tables, argument);
                Return(tables);
                tables = null;
                return found;
            }
            finally
            {
                tables?.Dispose();
            }
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        while (_idle.TryDequeue(out var tables))
        {
            tables.Dispose();
        }
    }

    private LedgerTables Rent() =>
        _idle.TryDequeue(out var idle) ? idle : new LedgerTables(LedgerDatabase.OpenReader(_path, _busyTimeout));

    private void Return(LedgerTables tables)
    {
        if (_isClosed || _idle.Count >= IdleMax)
        {
            tables.Dispose();
            return;
        }

        _idle.Enqueue(tables);
        if (_isClosed)
        {
            Dispose();
        }
    }
}
