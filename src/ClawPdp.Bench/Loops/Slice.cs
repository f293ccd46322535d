using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Loops;

/// <summary>A part of the run: the calls that were to start in it.</summary>
internal sealed class Slice
{
    private long _firstStart = long.MaxValue;
    private long _errors;

    public LatencyHistogram Latency { get; } = new();

    public long FirstStart => Volatile.Read(ref _firstStart);

    public long Errors => Volatile.Read(ref _errors);

    public bool IsEmpty => FirstStart == long.MaxValue;

    public void Begin(long start)
    {
        var seen = Volatile.Read(ref _firstStart);
        while (start < seen)
        {
            var before = Interlocked.CompareExchange(ref _firstStart, start, seen);
            seen = before == seen ? start : before;
        }
    }

    public void CountError() => Interlocked.Increment(ref _errors);
}
