using System.Diagnostics;
using System.Globalization;

namespace ClawPdp.Load.Loops;

/// <summary>Times of single operations, in <see cref="Stopwatch"/> ticks, with how long all of them took together.</summary>
internal sealed class Samples
{
    private readonly long[] _sorted;

    public Samples(IEnumerable<long> ticks, TimeSpan elapsed)
    {
        _sorted = [.. ticks.Order()];
        Elapsed = elapsed;
    }

    public int Count => _sorted.Length;

    public TimeSpan Elapsed { get; }

    public double PerSecond => Count / Elapsed.TotalSeconds;

    /// <summary>Gives the time that a share of the operations took at most, in microseconds.</summary>
    public double Microseconds(double share)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var index = Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1);
        return _sorted[index] * 1e6 / Stopwatch.Frequency;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{PerSecond,9:F0}/s  p50 {Microseconds(0.5),8:F0}  p90 {Microseconds(0.9),8:F0}  p99 {Microseconds(0.99),8:F0}  p99.9 {Microseconds(0.999),8:F0}  max {Microseconds(1),8:F0} µs");
}
