using ClawPdp.Core.Log;
using ClawPdp.Ledger;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Transparency;

/// <summary>Brings the ledger's new records into the log: a checkpoint every second while there is something new, and at once where one is waited for.</summary>
internal sealed class LogPublisher : BackgroundService
{
    /// <summary>The longest time for which a record stays without a checkpoint while all is well.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // What one checkpoint covers at most, and what of it is in memory at a time.
    private const int RecordCountMax = 8_192;
    private const int ReadCountMax = 512;

    private readonly LedgerStore _ledger;
    private readonly TransparencyLogStore _log;
    private readonly TimeProvider _time;
    private readonly ILogger<LogPublisher> _logger;
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private string _failure = "";

    public LogPublisher(LedgerStore ledger, TransparencyLogStore log, TimeProvider time, ILogger<LogPublisher> logger)
    {
        _ledger = ledger;
        _log = log;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gives a snapshot of the log that covers a record, publishing where it has to.</summary>
    /// <returns>The snapshot; <see langword="null"/> when the log is damaged or cannot be written.</returns>
    public async Task<LogSnapshot?> SnapshotOfAsync(long sequence, CancellationToken cancellation)
    {
        if (_log.Health.LastSequence < sequence && !await TryPublishAsync(cancellation))
        {
            return null;
        }

        return _log.Snapshot() is { } snapshot && snapshot.Head.LastSequence >= sequence ? snapshot : null;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            _ = await TryPublishAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The disk does not answer: the next start publishes what is left.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                _ = await TryPublishAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the last records are published by StopAsync.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _publishing.Dispose();
        base.Dispose();
    }

    // One at a time, and on a thread of its own: it waits for the disk, and the pool's threads are for those who decide.
    private async Task<bool> TryPublishAsync(CancellationToken cancellation)
    {
        await _publishing.WaitAsync(cancellation);
        try
        {
            return _log.Health.LastSequence >= _ledger.Head.Sequence
                || await Task.Factory.StartNew(TryPublish, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _publishing.Release();
        }
    }

    private bool TryPublish()
    {
        try
        {
            // Up to here and no further: what comes meanwhile has its turn in a second. Under load, going on would mean publishing without
            // a pause, and each checkpoint writes and flushes a dozen files, on the disk that the ledger's commits wait for.
            var last = _ledger.Head.Sequence;
            for (var covered = _log.Health.LastSequence; covered < last; covered = _log.Health.LastSequence)
            {
                _log.Publish(EntriesAfter(covered));
            }

            _failure = "";
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or LogDamagedException or LedgerException)
        {
            if (!string.Equals(_failure, failure.Message, StringComparison.Ordinal))
            {
                Log.LogNotPublished(_logger, failure.Message);
            }

            _failure = failure.Message;
            return false;
        }
    }

    private List<LogEntry> EntriesAfter(long covered)
    {
        var maker = new LogEntryMaker();
        while (maker.RecordCount < RecordCountMax && _ledger.ReadRecords(covered + 1 + maker.RecordCount, ReadCountMax) is { Count: > 0 } records)
        {
            maker.Add(records);
        }

        return maker.Finish();
    }
}
