using System.Globalization;
using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void AtShare_AnyTimes_IsWithinAThousandthOfTheExactOne()
    {
        var random = new Random(7);
        var times = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 25)).ToArray();

        var histogram = Of(times);

        Array.Sort(times);
        foreach (var share in (double[])[0, 0.1, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = times[Math.Max(0, (int)Math.Ceiling(share * times.Length) - 1)];
            Assert.InRange(histogram.AtShare(share), exact, exact * 1.001);
        }

        Assert.Equal((times.Length, times.Sum(), times[^1]), (histogram.Count, histogram.SumNanoseconds, histogram.MaxNanoseconds));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2_047)]
    [InlineData(2_048)]
    [InlineData(123_456_789)]
    [InlineData(LatencyHistogram.HighestNanoseconds)]
    public void HighestOf_BucketOfATime_HoldsIt(long time)
    {
        var index = LatencyHistogram.IndexOf(time);

        Assert.InRange(time, index == 0 ? 0 : LatencyHistogram.HighestOf(index - 1) + 1, LatencyHistogram.HighestOf(index));
    }

    [Fact]
    public void Record_OutOfRange_CountsAsTheNearestEnd()
    {
        var histogram = Of(-5, long.MaxValue);

        Assert.Equal((0, LatencyHistogram.HighestNanoseconds), (histogram.AtShare(0), histogram.MaxNanoseconds));
    }

    [Fact]
    public void Codec_AnyHistogram_ComesBackTheSame()
    {
        var random = new Random(11);
        foreach (var count in (int[])[0, 1, 5, 5_000])
        {
            var histogram = Of([.. Enumerable.Range(0, count).Select(_ => random.NextInt64(LatencyHistogram.HighestNanoseconds + 1) >> random.Next(42))]);

            var counts = HistogramCodec.Decode(HistogramCodec.Encode(histogram));

            Assert.Equal(histogram.Counts.ToArray(), counts);
        }
    }

    [Fact]
    public void Codec_TextOfAnotherLibrary_IsRead()
    {
        // Written by hdr-histogram-js 3.0.1: lowest 1, highest 3,600,000,000,000, 3 digits; 1,000 times i x 1,003, for i from 1, and one of an hour.
        var counts = HistogramCodec.Decode(TestText.OfOtherLibrary);

        var histogram = LatencyHistogram.Of(counts, 0, long.MaxValue);
        Assert.Equal((1_001, 502_527, 1_003_007), (histogram.Count, histogram.AtShare(0.5), histogram.AtShare(0.999)));
    }

    [Fact]
    public void Codec_AnythingElse_IsRefused()
    {
        var text = HistogramCodec.Encode(Of(1, 1_000, 1_000_000));
        var bytes = Convert.FromBase64String(text);

        Assert.Null(HistogramCodec.Decode(""));
        Assert.Null(HistogramCodec.Decode("!"));
        Assert.Null(HistogramCodec.Decode(Convert.ToBase64String(bytes.AsSpan(0, bytes.Length / 2))));
        Assert.Null(HistogramCodec.Decode(Convert.ToBase64String([0, .. bytes.AsSpan(1)])));
        Assert.Null(HistogramCodec.Decode(new string('A', HistogramCodec.TextLengthMax + 1)));
    }

    [Fact]
    public void Percentiles_Distribution_RisesToOneAndEndsWithTheTotals()
    {
        var lines = HistogramText.Percentiles(Of([.. Enumerable.Range(1, 10_000).Select(static value => value * 1_000L)])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var rows = lines.Skip(1).Where(static line => line[0] is not '#').Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var levels = rows.Select(static row => double.Parse(row[1], CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(levels.Order(), levels);
        Assert.Equal(("10000.000", "1.000000000000", "10000"), (rows[^1][0], rows[^1][1], rows[^1][2]));
        Assert.Contains(lines, static line => line.StartsWith("#[Max     =    10000.000, Total count    =        10000]", StringComparison.Ordinal));
    }

    private static LatencyHistogram Of(params long[] times)
    {
        var histogram = new LatencyHistogram();
        foreach (var time in times)
        {
            histogram.Record(time);
        }

        return histogram;
    }
}
