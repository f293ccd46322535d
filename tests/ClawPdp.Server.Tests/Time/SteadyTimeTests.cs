using ClawPdp.Server.Time;

namespace ClawPdp.Server.Tests.Time;

public sealed class SteadyTimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SteppedClock _system = new(Noon);
    private readonly SteadyTime _steady;

    public SteadyTimeTests() => _steady = new SteadyTime(_system);

    [Fact]
    public void GetUtcNow_NothingSpecial_IsTheSystemsTime()
    {
        _system.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((Noon.AddMinutes(5), TimeSpan.Zero), (_steady.GetUtcNow(), _steady.Ahead));
    }

    [Fact]
    public void GetUtcNow_SystemClockSetForward_FollowsAtOnce()
    {
        _system.Set(Noon.AddDays(1));

        Assert.Equal((Noon.AddDays(1), TimeSpan.Zero), (_steady.GetUtcNow(), _steady.Ahead));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-86_400)]
    [InlineData(-86_400 * 400)]
    public void GetUtcNow_SystemClockSetBack_GoesOnAtTheSamePace(int seconds)
    {
        _system.Set(Noon.AddSeconds(seconds));
        var after = _steady.GetUtcNow();
        _system.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(Noon, after);
        Assert.Equal(Noon.AddMinutes(5), _steady.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(-seconds), _steady.Ahead);
    }

    [Fact]
    public void GetUtcNow_SystemClockForwardAndBack_StaysForwardUntilItIsCaughtUp()
    {
        _system.Set(Noon.AddDays(1));
        Assert.Equal(Noon.AddDays(1), _steady.GetUtcNow());
        _system.Set(Noon);
        Assert.Equal(TimeSpan.FromDays(1), _steady.Ahead);

        _system.Set(Noon.AddDays(1).AddMinutes(1));

        Assert.Equal((Noon.AddDays(1).AddMinutes(1), TimeSpan.Zero), (_steady.GetUtcNow(), _steady.Ahead));
    }

    [Fact]
    public async Task GetUtcNow_ManyThreadsWhileTheClockJumps_NeverGoesBack()
    {
        const int ThreadCount = 4;
        const int ReadCount = 20_000;
        var readers = Enumerable.Range(0, ThreadCount).Select(_ => Task.Run(() =>
        {
            var last = DateTimeOffset.MinValue;
            for (var read = 0; read < ReadCount; read++)
            {
                var now = _steady.GetUtcNow();
                Assert.True(now >= last, $"{now:O} after {last:O}");
                last = now;
            }
        })).ToList();
        for (var jump = 0; jump < 2_000; jump++)
        {
            _system.Set(Noon.AddSeconds(jump % 2 == 0 ? jump : -jump));
        }

        await Task.WhenAll(readers);
        _system.Set(Noon.AddSeconds(5_000));
        Assert.Equal(Noon.AddSeconds(5_000), _steady.GetUtcNow());
    }

    [Fact]
    public void CreateTimer_TimeAdvanced_Fires()
    {
        var count = 0;
        using var timer = _steady.CreateTimer(_ => count++, state: null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _system.Set(Noon.AddDays(1));
        Assert.Equal(0, count);
        _system.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, count);
    }
}
