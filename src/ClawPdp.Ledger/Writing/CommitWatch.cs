using Microsoft.Extensions.Logging;

namespace ClawPdp.Ledger.Writing;

/// <summary>How long the commit that is under way has been, and how fast commits are. The writer's thread tells, any thread asks.</summary>
internal sealed class CommitWatch
{
    // Each batch weighs as much as all before it times this: the last dozen batches count.
    private const double Fading = 0.9;

    private readonly TimeSpan _stallTimeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _startedAt;
    private double _items;
    private double _seconds;
    private double _appendsPerSecond;
    private int _isStallTold;

    public CommitWatch(TimeSpan stallTimeout, TimeProvider time, ILogger logger)
    {
        _stallTimeout = stallTimeout;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gets how long the commit under way has been; zero when none is.</summary>
    public TimeSpan UnderWayFor => Volatile.Read(ref _startedAt) is not 0 and var startedAt ? _time.GetElapsedTime(startedAt) : TimeSpan.Zero;

    /// <summary>Gets a value indicating whether the disk does not answer.</summary>
    public bool IsStalled => UnderWayFor > _stallTimeout;

    /// <summary>Gets how many items a second of writing brought to disk of late; 0 when not known.</summary>
    public double AppendsPerSecond => Volatile.Read(ref _appendsPerSecond);

    /// <exception cref="LedgerException">The disk does not answer.</exception>
    public void ThrowIfStalled()
    {
        if (UnderWayFor is var elapsed && elapsed > _stallTimeout)
        {
            if (Interlocked.Exchange(ref _isStallTold, 1) == 0)
            {
                Log.Stalled(_logger, elapsed.TotalSeconds);
            }

            throw new LedgerException("the disk does not answer");
        }
    }

    public void Begin() => Volatile.Write(ref _startedAt, Math.Max(1, _time.GetTimestamp()));

    /// <summary>Ends the commit.</summary>
    /// <param name="itemCount">What it brought to disk.</param>
    public void End(int itemCount)
    {
        var elapsed = UnderWayFor;
        Volatile.Write(ref _startedAt, 0);
        if (itemCount > 0)
        {
            _items = (_items * Fading) + itemCount;
            _seconds = (_seconds * Fading) + elapsed.TotalSeconds;
            Volatile.Write(ref _appendsPerSecond, _seconds > 0 ? _items / _seconds : 0);
        }

        if (Interlocked.Exchange(ref _isStallTold, 0) != 0)
        {
            Log.StallEnded(_logger, elapsed.TotalSeconds);
        }
    }
}
