using ClawPdp.Server.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Server.Tests.Telemetry;

public sealed class DurationHistogramTests
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Record_AtAndAboveABound_FallsIntoItsBucketAndTheNext()
    {
        var histogram = Histogram();

        histogram.Record(0, TimeSpan.FromMicroseconds(10));
        histogram.Record(0, TimeSpan.FromMicroseconds(11));
        histogram.Record(0, TimeSpan.FromSeconds(11));
        histogram.Record(0, TimeSpan.FromSeconds(-1));

        var series = Assert.Single(histogram.Read());
        Assert.Equal([2L, 1L], series.Buckets.Take(2).Select(static bucket => bucket.Count));
        Assert.Equal((double.PositiveInfinity, 1L), (series.Buckets[^1].Bound, series.Buckets[^1].Count));
        Assert.Equal((4L, 11.000021), (series.Count, series.SumSeconds));
    }

    [Fact]
    public void RecordSince_InATrace_LeavesOneExemplarASecond()
    {
        var histogram = Histogram();
        var begin = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        histogram.RecordSince(0, begin, new CallTrace(Trace, null));
        histogram.RecordSince(0, begin, new CallTrace(Trace.Replace('4', '5'), null));

        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", TraceIdOf(histogram));
        _time.Advance(TimeSpan.FromSeconds(1));
        histogram.RecordSince(0, _time.GetTimestamp() - (_time.TimestampFrequency / 1000), new CallTrace(Trace.Replace('4', '5'), null));
        Assert.Equal("5bf92f3577b35da6a3ce929d0e0e5736", TraceIdOf(histogram));
    }

    [Fact]
    public void Record_WithoutATrace_AllocatesNothing()
    {
        var histogram = new DurationHistogram("door", SeriesNames.Of("a", "b"), TimeProvider.System);
        Measure();

        Assert.Equal(0, Measure());

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 1_000; round++)
            {
                histogram.RecordSince(1, TimeProvider.System.GetTimestamp(), default);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void NumberOf_MoreNamesThanRoom_CountsThemAsOne()
    {
        var names = SeriesNames.Growing(3);

        var numbers = "abcdac".Select(name => names.NumberOf(name.ToString())).ToList();

        Assert.Equal([0, 1, 2, 2, 0, 2], numbers);
        Assert.Equal(["a", "b", SeriesNames.Other], Enumerable.Range(0, names.Count).Select(number => names[number]));
    }

    private DurationHistogram Histogram() => new(label: null, SeriesNames.Of(""), _time);

    private static string? TraceIdOf(DurationHistogram histogram) =>
        histogram.Read().Single().Buckets.Select(static bucket => bucket.Exemplar?.TraceId).Single(static id => id is not null);
}
