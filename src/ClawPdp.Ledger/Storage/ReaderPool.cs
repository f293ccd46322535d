using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Storage;

/// <summary>Connections that read what is committed, beside the writer. Safe for concurrent use.</summary>
internal sealed class ReaderPool : IDisposable
{
    private const int IdleMax = 8;
    private const int KeptCount = 2;

    // SQLite drops a reader's pages once somebody has committed, so they serve one read and then lie idle. A read by key needs few of them, and one in
    // order each once; by default every reader that went along the records would keep 2 MiB.
    private const int CacheKibibytes = 256;

    private readonly string _path;
    private readonly TimeSpan _busyTimeout;
    private readonly Queue<LedgerTables> _idle = new();
    private SqliteConnection? _anchor;
    private int _openCount;
    private volatile bool _isClosed;

    public ReaderPool(string path, TimeSpan busyTimeout)
    {
        _path = path;
        _busyTimeout = busyTimeout;
    }

    /// <summary>
    /// Gives a pool that keeps a few connections open, so that reading needs no further descriptor where there is none, and one that is never
    /// read on, so that the index of the write-ahead log lives as long as the pool (<see cref="LedgerOpening.Reopen"/>).
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public static ReaderPool OpenKept(string path, TimeSpan busyTimeout)
    {
        var pool = new ReaderPool(path, busyTimeout);
        try
        {
            pool._anchor = LedgerDatabase.OpenReader(path, busyTimeout);
            _ = LedgerDatabase.Ask(pool._anchor, "SELECT COUNT(*) FROM meta");
            for (var kept = 0; kept < KeptCount; kept++)
            {
                pool.Return(pool.OpenTables());
            }

            return pool;
        }
        catch
        {
            pool.Dispose();
            throw;
        }
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
            return Read(Rent(), argument, read);
        }
        catch (SqliteException failure)
        {
            throw LedgerFailures.Translate(failure);
        }
    }

    public void Dispose()
    {
        lock (_idle)
        {
            _isClosed = true;
        }

        DropIdle();

        _anchor?.Dispose();
    }

    private T Read<TArgument, T>(LedgerTables tables, TArgument argument, Func<LedgerTables, TArgument, T> read)
    {
        var isFit = false;
        try
        {
            var found = read(tables, argument);
            isFit = true;
            return found;
        }
        catch (LedgerException)
        {
            // The record is damaged, not the connection.
            isFit = true;
            throw;
        }
        finally
        {
            if (isFit)
            {
                Return(tables);
            }
            else
            {
                Drop(tables);
            }
        }
    }

    private LedgerTables Rent()
    {
        if (TryTakeIdle(TimeSpan.Zero, out var idle))
        {
            return idle;
        }

        try
        {
            return OpenTables();
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == raw.SQLITE_CANTOPEN && Volatile.Read(ref _openCount) > 0)
        {
            // Out of descriptors, most likely: one that is in use comes back soon.
            return TryTakeIdle(_busyTimeout, out idle) ? idle : throw LedgerFailures.Translate(failure);
        }
    }

    private LedgerTables OpenTables()
    {
        var connection = LedgerDatabase.OpenReader(_path, _busyTimeout);
        try
        {
            LedgerDatabase.BoundCache(connection, CacheKibibytes);
            var tables = new LedgerTables(connection);
            Interlocked.Increment(ref _openCount);
            return tables;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Return(LedgerTables tables)
    {
        lock (_idle)
        {
            if (!_isClosed && _idle.Count < IdleMax)
            {
                _idle.Enqueue(tables);
                Monitor.Pulse(_idle);
                return;
            }
        }

        Drop(tables);
    }

    private void DropIdle()
    {
        while (TryTakeIdle(TimeSpan.Zero, out var tables))
        {
            Drop(tables);
        }
    }

    private void Drop(LedgerTables tables)
    {
        Interlocked.Decrement(ref _openCount);
        tables.Dispose();
    }

    private bool TryTakeIdle(TimeSpan timeout, [NotNullWhen(true)] out LedgerTables? tables)
    {
        lock (_idle)
        {
            if (_idle.Count == 0 && timeout > TimeSpan.Zero)
            {
                Monitor.Wait(_idle, timeout);
            }

            return _idle.TryDequeue(out tables);
        }
    }
}
