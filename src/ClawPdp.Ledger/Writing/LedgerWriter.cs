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
    private readonly SessionHolder _sessions;
    private readonly FileStream _lock;
    private readonly WriteQueue _queue;
    private readonly WriteBatch _batch;
    private readonly LedgerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CommitWatch _watch;
    private readonly DateTimeOffset? _newestAtOpening;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ChainHead _committed;
    private volatile WriteItem[] _inFlight = [];
    private volatile bool _isFailing;
    private volatile bool _isAbandoned;
    private volatile int _lastErrorCode;
    private long _lastCommitTicks;
    private long _decisionsLost;

    /// <param name="sessions">The connection; owned from here on.</param>
    /// <param name="directoryLock">The lock on the data directory; owned from here on.</param>
    /// <param name="settings">Bounds and times.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    public LedgerWriter(
        SessionHolder sessions,
        FileStream directoryLock,
        LedgerSettings settings,
        TimeProvider time,
        ILogger logger)
    {
        var session = sessions.Open(ChainHead.Empty, isClosing: false);
        _sessions = sessions;
        _lock = directoryLock;
        _settings = settings;
        _time = time;
        _logger = logger;
        _queue = new WriteQueue(settings);
        _batch = new WriteBatch(settings.BatchSizeMax, settings.DecisionBatchSizeMax);
        _committed = session.Head;
        _watch = new CommitWatch(settings.StallTimeout, time, logger);
        _newestAtOpening = RecordTimes.Newest(session.Tables);
    }

    public ChainHead Committed => _committed;

    public LedgerHealth Health
    {
        get
        {
            var lastCommitTicks = Interlocked.Read(ref _lastCommitTicks);
            return new LedgerHealth
            {
                State = StateNow,
                LastErrorCode = _lastErrorCode,
                QueueLength = _queue.ItemCount,
                DecisionQueueLength = _queue.DecisionCount,
                LastCommitAt = lastCommitTicks == 0 ? null : new DateTimeOffset(lastCommitTicks, TimeSpan.Zero),
                RecordCount = _committed.Sequence,
                CommitUnderWayFor = _watch.UnderWayFor,
                AppendsPerSecond = _watch.AppendsPerSecond,
                NewestAtOpening = _newestAtOpening,
                DecisionsLost = Interlocked.Read(ref _decisionsLost),
            };
        }
    }

    private LedgerState StateNow
    {
        get
        {
            if (_queue.IsClosed)
            {
                return LedgerState.Closed;
            }

            if (_watch.IsStalled)
            {
                return LedgerState.Stalled;
            }

            return _isFailing ? LedgerState.Failing : LedgerState.Healthy;
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "ledger writer" }.Start();

    /// <summary>Writes in the next transaction and gives the outcome when it is on disk.</summary>
    /// <exception cref="LedgerException">Nothing may be taken as written.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteSession, T> write, CancellationToken cancellation)
        where T : notnull
    {
        cancellation.ThrowIfCancellationRequested();
        _watch.ThrowIfStalled();
        var item = new WriteItem<T>(write);
        return _queue.TryAdd(item) ? await WaitAsync(item, cancellation) : throw NotTaken();
    }

    /// <summary>Writes before all that is not urgent, and is taken even while the disk does not answer: it is written when it does.</summary>
    /// <exception cref="LedgerException">Nothing may be taken as written.</exception>
    public async Task<T> WriteUrgentAsync<T>(Func<WriteSession, T> write, CancellationToken cancellation)
        where T : notnull
    {
        cancellation.ThrowIfCancellationRequested();
        var item = new WriteItem<T>(write);
        return _queue.TryAddUrgent(item) ? await WaitAsync(item, cancellation) : throw NotTaken();
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

    private LedgerException NotTaken() =>
        _queue.IsClosed ? Closed() : new LedgerException(LedgerFault.Overloaded, "too many appends wait for the disk");

    private async Task<T> WaitAsync<T>(WriteItem<T> item, CancellationToken cancellation)
        where T : notnull
    {
        try
        {
            return await item.Outcome.WaitAsync(_settings.AppendTimeout, _time, cancellation);
        }
        catch (TimeoutException late)
        {
            // It is not taken back: it may be on its way to the disk already.
            throw new LedgerException("the disk does not answer: the record may come to disk or not", late);
        }
    }

    private void Run()
    {
        try
        {
            while (_queue.TakeBatch(_batch))
            {
                WriteBatch();
                CheckpointIfDue();
            }

            _sessions.Checkpoint();
        }
        catch (Exception failure) when (failure is SqliteException or LedgerException)
        {
            Log.CheckpointFailed(_logger, failure);
        }
        finally
        {
            _sessions.Dispose();
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

        _watch.Begin();
        try
        {
            var session = _sessions.Open(_committed, _queue.IsClosed);
            _batch.WriteTo(session);
            var begin = _time.GetTimestamp();
            session.Commit();
            _settings.CommitTold?.Invoke(_time.GetElapsedTime(begin));
            _watch.End(_batch.Items.Count);
            _committed = session.Head;
        }
        catch (Exception failure) when (failure is SqliteException or LedgerException or InvalidOperationException)
        {
            _watch.End(itemCount: 0);
            Fail(failure);
            return;
        }

        Succeed();
    }

    private void CheckpointIfDue()
    {
        // A disk that does not answer is told of here, too.
        _watch.Begin();
        _sessions.CheckpointIfDue(_queue.ItemCount > 0);
        _watch.End(itemCount: 0);
    }

    private void Succeed()
    {
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
        _sessions.GiveUp(failure);
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
