using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using ClawPdp.Engine.Counters;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// Counts durations in fixed buckets, for several series side by side. To record one costs a walk over the bounds and two additions in the
/// processor's own stripe, and allocates nothing; only a duration in a trace leaves an exemplar, at most one a second in each bucket.
/// Safe for concurrent use.
/// </summary>
internal sealed class DurationHistogram
{
    private static readonly TimeSpan ExemplarPause = TimeSpan.FromSeconds(1);

    // In microseconds: answers from memory, then those that wait for a disk or a network.
    private static readonly ImmutableArray<long> BoundMicroseconds =
        [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000];

    private readonly SeriesNames _names;
    private readonly long[] _bounds = [.. BoundMicroseconds.Select(static bound => bound * TimeSpan.TicksPerMicrosecond)];
    private readonly int _stride;
    private readonly StripedCounters _cells;
    private readonly Exemplar?[] _exemplars;
    private readonly TimeProvider _time;
    private Histogram<double>? _mirror;

    /// <param name="label">The label that tells the series apart; <see langword="null"/> for a single series.</param>
    /// <param name="names">The names of the series.</param>
    /// <param name="time">The clock.</param>
    public DurationHistogram(string? label, SeriesNames names, TimeProvider time)
    {
        _names = names;
        _time = time;
        Labels = label is null ? [] : [label];
        _stride = _bounds.Length + 2;
        _cells = new StripedCounters(names.CountMax * _stride);
        _exemplars = new Exemplar?[names.CountMax * _stride];
    }

    /// <summary>Gets the bounds of the buckets but the last, in seconds.</summary>
    public static ImmutableArray<double> BoundsSeconds { get; } = [.. BoundMicroseconds.Select(static bound => bound / 1e6)];

    /// <summary>Gets the name of the label; empty for none.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Records what began at a timestamp of the clock and ends now.</summary>
    /// <param name="series">The number of the series.</param>
    /// <param name="begin">The timestamp.</param>
    /// <param name="trace">The trace in which it was.</param>
    public void RecordSince(int series, long begin, in CallTrace trace) => Record(series, _time.GetElapsedTime(begin), trace);

    /// <summary>Records a duration; one that is negative counts as none.</summary>
    public void Record(int series, TimeSpan duration, in CallTrace trace = default)
    {
        var ticks = Math.Max(0, duration.Ticks);
        var bucket = 0;
        while (bucket < _bounds.Length && ticks > _bounds[bucket])
        {
            bucket++;
        }

        var start = series * _stride;
        _cells.Add(start + bucket);
        _cells.Add(start + _stride - 1, ticks);
        if (trace.Parent is not null)
        {
            Keep(start + bucket, ticks, trace);
        }

        if (Volatile.Read(ref _mirror) is { Enabled: true } mirror)
        {
            Mirror(mirror, series, ticks);
        }
    }

    /// <summary>Records into an instrument, too, from now on.</summary>
    public void MirrorTo(Histogram<double> mirror) => Volatile.Write(ref _mirror, mirror);

    /// <summary>Reads the series in which something was recorded, and those that were named at the start.</summary>
    public ImmutableArray<DurationSeries> Read() =>
        [.. Enumerable.Range(0, _names.Count).Select(Read)];

    private DurationSeries Read(int series)
    {
        var start = series * _stride;
        var buckets = Enumerable.Range(0, _bounds.Length + 1).Select(index => new DurationBucket(
            index < _bounds.Length ? BoundsSeconds[index] : double.PositiveInfinity,
            _cells.Read(start + index),
            Volatile.Read(ref _exemplars[start + index])));
        var sum = TimeSpan.FromTicks(_cells.Read(start + _stride - 1)).TotalSeconds;
        return new DurationSeries(Labels.IsEmpty ? null : _names[series], [.. buckets], sum);
    }

    private void Keep(int cell, long ticks, in CallTrace trace)
    {
        var now = _time.GetUtcNow();
        if (Volatile.Read(ref _exemplars[cell]) is not { } last || now - last.At >= ExemplarPause)
        {
            Volatile.Write(ref _exemplars[cell], new Exemplar(trace.TraceId ?? "", TimeSpan.FromTicks(ticks).TotalSeconds, now));
        }
    }

    private void Mirror(Histogram<double> mirror, int series, long ticks)
    {
        var seconds = TimeSpan.FromTicks(ticks).TotalSeconds;
        if (Labels.IsEmpty)
        {
            mirror.Record(seconds);
        }
        else
        {
            mirror.Record(seconds, new KeyValuePair<string, object?>(Labels[0], _names[series]));
        }
    }
}
