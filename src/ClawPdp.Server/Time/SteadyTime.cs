namespace ClawPdp.Server.Time;

/// <summary>
/// A clock whose time of day never goes back while the process lives. It goes on with the monotonic clock, follows the system's clock
/// forward at once, so that what expires does so rather too early, and never back: what was expired stays so. When the system's clock
/// has caught up the two are one again. Safe for concurrent use.
/// </summary>
internal sealed class SteadyTime : TimeProvider
{
    private readonly TimeProvider _system;
    private readonly long _start;

    // The most by which the system's clock has ever been ahead of the monotonic one, in ticks.
    private long _offset;

    /// <param name="system">The system's clock, the timers and the monotonic clock.</param>
    public SteadyTime(TimeProvider system)
    {
        _system = system;
        _start = system.GetTimestamp();
        _offset = system.GetUtcNow().UtcTicks;
    }

    /// <summary>Gets how far this clock is ahead of the system's; zero while they are one.</summary>
    public TimeSpan Ahead
    {
        get
        {
            var ahead = GetUtcNow() - _system.GetUtcNow();
            return ahead > TimeSpan.Zero ? ahead : TimeSpan.Zero;
        }
    }

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _system.LocalTimeZone;

    /// <inheritdoc/>
    public override long TimestampFrequency => _system.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        // The system's clock first: a thread that is held up in between takes the offset for less than it is, never for more.
        var system = _system.GetUtcNow().UtcTicks;
        var elapsed = _system.GetElapsedTime(_start).Ticks;
        var offset = Volatile.Read(ref _offset);
        while (system - elapsed > offset)
        {
            var seen = Interlocked.CompareExchange(ref _offset, system - elapsed, offset);
            offset = seen == offset ? system - elapsed : seen;
        }

        return new DateTimeOffset(offset + elapsed, TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _system.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _system.CreateTimer(callback, state, dueTime, period);
}
