using ClawPdp.Bench.Loops;

namespace ClawPdp.Bench.Tests;

/// <summary>A clock that stands still but for those who wait on it or take their time; one tick is a nanosecond.</summary>
internal sealed class SimulatedClock : TimeProvider, IPace
{
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public void WaitUntil(long timestamp) => Volatile.Write(ref _now, Math.Max(Volatile.Read(ref _now), timestamp));

    public void Spend(TimeSpan time) => Interlocked.Add(ref _now, (long)time.TotalNanoseconds);
}
