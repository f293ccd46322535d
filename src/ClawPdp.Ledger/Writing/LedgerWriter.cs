using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger.Writing;

/// <summary>
/// The one thread that writes: it takes what waits, writes it in one transaction, and tells the waiters after the commit, so that one
/// flush of the disk serves them all.
/// </summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private readonly WriteSession _session;
    private readonly FileStream _lock;
    private readonly WriteQueue _queue;
    private readonly WriteBatch _batch;
    private readonly LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ChainHead _committed;
    private volatile WriteItem[] _inFlight = [];
    private volatile bool _isFailing;
    private volatile bool _isAbandoned;
    private volatile int _lastErrorCode;
    private long _lastCommitTicks;
    private long _decisionsLost;

    /// <param name="session">The connection; owned from here on.</param>
    /// <param name="directoryLock">The lock on the data directory; owned from here on.</param>
    /// <param name="settings">Bounds and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    public LedgerWriter(WriteSession session, FileStream directoryLock, LedgerSettings settings, TimeProvider time, ILogger logger)
    {
        _session = session;
        _lock = directoryLock;
        _settings = settings;
        _time = time;
        _logger = logger;
        _queue = new WriteQueue(settings);
        _batch = new WriteBatch(settings.BatchSizeMax);
        _committed = session.Head;
    }

    public ChainHead Committed => _committed;

    public LedgerHealth Health
    {
        get
        {
            var lastCommitTicks = Interlocked.Read(ref _lastCommitTicks);
            return new LedgerHealth
            {
                State = _queue.IsClosed ? LedgerState.Closed : _isFailing ? LedgerState.Failing : LedgerState.Healthy,
                LastErrorCode = _lastErrorCode,
                QueueLength = _queue.ItemCount,
                LastCommitAt = lastCommitTicks == 0 ? null : new DateTimeOffset(lastCommitTicks, TimeSpan.Zero),
                RecordCount = _committed.Sequence,
                DecisionsLost = Interlocked.Read(ref _decisionsLost),
            };
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "ledger writer" }.Start();

    /// <exception cref="LedgerException">Too much waits already, or the ledger is closed.</exception>
    public void Add(WriteItem item)
    {
        if (!_queue.TryAdd(item))
        {
            throw _queue.IsClosed ? Closed() : new LedgerException(LedgerFault.Overloaded, "too many appends wait for the disk");
        }
    }

    /// <summary>Writes in the next transaction and gives the outcome when it is on disk.</summary>
    /// <exception cref="LedgerException">Nothing may be taken as written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteSession, T> write, CancellationToken cancellation)
        where T : notnull
    {
        cancellation.ThrowIfCancellationRequested();
        var item = new WriteItem<T>(write);
        Add(item);
        return await item.Outcome.WaitAsync(cancellation);
    }

    public bool TryAdd(DecisionRecord decision)
    {
        var isTaken = DecisionContent.IsWithinLimits(decision) && _queue.TryAdd(decision);
        if (!isTaken)
        {
            CountLost(1);
        }

        return isTaken;
    }

    /// <summary>Writes what waits and closes the file; after the deadline, gives up what is not written.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        try
        {
            await _finished.Task.WaitAsync(_settings.DrainTimeout, _time);
            _queue.Dispose();
        }
        catch (TimeoutException)
        {
            Abandon();
        }
    }

    private static LedgerException Closed() => new(LedgerFault.Closed, "the ledger is closed");

    private void Run()
    {
        try
        {
            while (_queue.TakeBatch(_batch))
            {
                WriteBatch();
            }

            _session.Checkpoint();
        }
        catch (Exception failure) when (failure is SqliteException or LedgerException)
        {
            Log.CheckpointFailed(_logger, failure);
        }
        finally
        {
            _session.Dispose();
            _lock.Dispose();
            _finished.TrySetResult();
        }
    }

    private void WriteBatch()
    {
        // Either this sees that the queue was given up, or whoever gives it up sees these items: no waiter is forgotten.
        _inFlight = [.. _batch.Items];
        Interlocked.MemoryBarrier();
        if (_isAbandoned)
        {
            _batch.Items.ForEach(static item => item.Fail(Closed()));
            CountLost(_batch.Decisions.Count);
            return;
        }

        try
        {
            _session.Begin();
            // Decisions first: a receipt that names one was asked for after it.
            _batch.Decisions.ForEach(decision => Appends.Decision(_session, decision));
            _batch.Items.ForEach(_session.Write);
            _session.Commit();
        }
        catch (Exception failure) when (failure is SqliteException or LedgerException or InvalidOperationException)
        {
            Fail(failure);
            return;
        }

        Succeed();
    }

    private void Succeed()
    {
        _committed = _session.Head;
        Interlocked.Exchange(ref _lastCommitTicks, _time.GetUtcNow().UtcTicks);
        if (_isFailing)
        {
            _isFailing = false;
            Log.Recovered(_logger);
        }

        _batch.Items.ForEach(static item => item.Complete());
    }

    private void Fail(Exception failure)
    {
        var code = LedgerFailures.CodeOf(failure);
        if (!_isFailing || _lastErrorCode != code)
        {
            Log.BatchFailed(_logger, code, _batch.Items.Count, _batch.Decisions.Count, failure);
        }

        _lastErrorCode = code;
        _isFailing = true;
        CountLost(_batch.Decisions.Count);
        try
        {
            _session.Rollback();
        }
        catch (SqliteException again)
        {
            // The next batch cannot begin then and says so itself.
            Log.RollbackFailed(_logger, again.SqliteExtendedErrorCode, again);
        }

        _batch.Items.ForEach(item => item.Fail(LedgerFailures.ForWaiter(failure)));
    }

    private void Abandon()
    {
        var count = 0;
        _isAbandoned = true;
        Interlocked.MemoryBarrier();
        foreach (var item in _inFlight)
        {
            item.Fail(new LedgerException("the disk did not answer before the ledger was closed"));
        }

        while (_queue.TryTake(out WriteItem? item))
        {
            item.Fail(Closed());
            count++;
        }

        while (_queue.TryTake(out DecisionRecord? _))
        {
            CountLost(1);
        }

        Log.DrainTimedOut(_logger, count);
    }

    private void CountLost(int count)
    {
        if (count > 0 && Interlocked.Add(ref _decisionsLost, count) == count)
        {
            Log.DecisionsLost(_logger);
        }
    }
}
