using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClawPdp.Ledger.Writing;

/// <summary>The only connection that writes, and the end of the chain. Used by the writer's thread alone.</summary>
internal sealed class WriteSession : IDisposable
{
    // What SQLite itself takes, 4 MB; and four times as much while others wait: a page that was changed often moves into the file once.
    private const int PagesWhenIdle = 1000;
    private const int PagesWhenBusy = 4000;

    private readonly RecordHasher _hasher = new();
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _mark;
    private readonly Statement _release;
    private readonly Statement _undo;
    private ChainHead? _head;

    /// <param name="connection">The connection; owned from here on.</param>
    public WriteSession(SqliteConnection connection)
    {
        Tables = new LedgerTables(connection);
        Runs = new RunCursors(Tables);
        _begin = new Statement(connection, "BEGIN IMMEDIATE");
        _commit = new Statement(connection, "COMMIT");
        _rollback = new Statement(connection, "ROLLBACK");
        _mark = new Statement(connection, "SAVEPOINT item");
        _release = new Statement(connection, "RELEASE item");
        _undo = new Statement(connection, "ROLLBACK TO item");
        _head = Tables.Records.ReadHead();
    }

    public LedgerTables Tables { get; }

    /// <summary>Gets the runs that were written to last, the open transaction's included.</summary>
    public RunCursors Runs { get; }

    /// <summary>Gets the last record, the open transaction's included.</summary>
    public ChainHead Head => _head ?? throw new InvalidOperationException("the end of the chain is not known outside a transaction");

    /// <summary>Opens the transaction of a batch.</summary>
    public void Begin()
    {
        _begin.Run();
        // A commit that failed may yet have reached the file, so only the file knows where the chain ends.
        _head ??= Tables.Records.ReadHead();
    }

    /// <summary>Brings the batch to disk: when this returns, it is there.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Gives the batch up, after any failure.</summary>
    public void Rollback()
    {
        _head = null;
        Runs.Forget();
        // SQLite ends the transaction by itself on a full disk or an I/O error (sqlite.org/lang_transaction.html section 3.2).
        if (raw.sqlite3_get_autocommit(Tables.Connection.Handle) == 0)
        {
            _rollback.Run();
        }
    }

    /// <summary>
    /// Writes one item without a mark to go back to, which would have every page copied that it changes. One that fails by itself before it wrote
    /// anything is refused alone.
    /// </summary>
    /// <returns>False when it failed by itself after it had written: the transaction must be given up and every item written with a mark.</returns>
    /// <exception cref="SqliteException">The whole batch failed.</exception>
    public bool TryWriteUnmarked(WriteItem item)
    {
        var head = Head;
        var changes = raw.sqlite3_total_changes(Tables.Connection.Handle);
        try
        {
            item.Execute(this);
            return true;
        }
        catch (Exception failure) when (IsOwn(failure))
        {
            Runs.Forget();
            Refuse(item, failure);
            return ReferenceEquals(head, Head) && changes == raw.sqlite3_total_changes(Tables.Connection.Handle);
        }
    }

    /// <summary>Writes one item with a mark to go back to; a failure of its own leaves no trace and does not touch the others.</summary>
    /// <exception cref="SqliteException">The whole batch failed.</exception>
    public void Write(WriteItem item)
    {
        var head = Head;
        _mark.Run();
        try
        {
            item.Execute(this);
        }
        catch (Exception failure) when (IsOwn(failure))
        {
            _undo.Run();
            _head = head;
            Runs.Forget();
            Refuse(item, failure);
        }

        _release.Run();
    }

    /// <summary>Adds a record to the end of the chain and gives its sequence.</summary>
    public long Append(RecordKind kind, byte[] content)
    {
        var sequence = Head.Sequence + 1;
        var hash = _hasher.Hash(Head.Hash, sequence, kind, content);
        Tables.Records.Insert(sequence, kind, content, hash);
        _head = new ChainHead(sequence, hash);
        return sequence;
    }

    /// <summary>
    /// Moves the write-ahead log into the file, as far as nobody reads in it, once there is enough of it; so it stays as small as it is. Called
    /// between transactions. What fails is left for the next time, as SQLite's own does: the log holds what was committed.
    /// </summary>
    /// <param name="isBusy">Whether somebody waits for the writer.</param>
    public void CheckpointIfDue(bool isBusy)
    {
        // The pages that this connection wrote to the log since the last time.
        var handle = Tables.Connection.Handle;
        _ = raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 0);
        if (pages >= (isBusy ? PagesWhenBusy : PagesWhenIdle))
        {
            _ = raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out _, out _, resetFlg: 1);
            _ = raw.sqlite3_wal_checkpoint_v2(handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
        }
    }

    /// <summary>Moves the write-ahead log into the file and empties it.</summary>
    public void Checkpoint() => LedgerDatabase.Run(Tables.Connection, "PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _mark.Dispose();
        _release.Dispose();
        _undo.Dispose();
        _hasher.Dispose();
        Tables.Dispose();
    }

    private static void Refuse(WriteItem item, Exception failure) =>
        item.Refuse(failure is SqliteException conflict ? LedgerFailures.Translate(conflict) : failure);

    private static bool IsOwn(Exception failure) => failure is not SqliteException sqlite || LedgerFailures.IsConstraint(sqlite);
}
