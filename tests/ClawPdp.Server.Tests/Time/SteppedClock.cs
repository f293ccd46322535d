using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Time;

/// <summary>A clock that the test advances, and whose time of day it sets forward and back as an operator does: the monotonic time stays out of it.</summary>
internal sealed class SteppedClock : TimeProvider
{
    private readonly FakeTimeProvider _time;
    private long _offset;

    public SteppedClock(DateTimeOffset start) => _time = new FakeTimeProvider(start);

    public override long TimestampFrequency => _time.TimestampFrequency;

    public void Advance(TimeSpan time) => _time.Advance(time);

    public void Set(DateTimeOffset now) => Volatile.Write(ref _offset, (now - _time.GetUtcNow()).Ticks);

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow().AddTicks(Volatile.Read(ref _offset));

    public override long GetTimestamp() => _time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _time.CreateTimer(callback, state, dueTime, period);
}
