using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Identity.Tests.Stubs;

/// <summary>
/// A clock that the test moves, and whose wall time can also be set without time passing. A test that moves it past a delay
/// must know that the delay has begun: one that begins after it would never end.
/// </summary>
public sealed class JumpingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public JumpingClock(DateTimeOffset start)
        : base(start)
    {
    }

    public TimeSpan WallOffset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallOffset;

    // The base class derives it from the wall time.
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for just so long; each such wait is seen once.</summary>
    public async Task DelayAsync(TimeSpan length)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken) != length)
        {
        }
    }
}
