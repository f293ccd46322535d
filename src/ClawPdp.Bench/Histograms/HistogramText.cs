using System.Globalization;
using System.Text;

namespace ClawPdp.Bench.Histograms;

/// <summary>HdrHistogram's two text forms: the distribution by percentile that plotters read, and the interval log.</summary>
public static class HistogramText
{
    private const int TicksPerHalfDistance = 5;
    private const double NanosecondsPerMicrosecond = 1_000;

    /// <summary>Writes the distribution by percentile (<c>.hgrm</c>), values in microseconds.</summary>
    public static string Percentiles(LatencyHistogram histogram)
    {
        var text = new StringBuilder();
        Line(text, $"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}");
        Line(text, $"");
        var level = 0.0;
        long seen = 0;
        for (var index = 0; index < LatencyHistogram.BucketCount && histogram.Count > 0; index++)
        {
            if (histogram.Counts[index] == 0)
            {
                continue;
            }

            seen += histogram.Counts[index];
            var value = Math.Min(LatencyHistogram.HighestOf(index), histogram.MaxNanoseconds) / NanosecondsPerMicrosecond;
            while (seen < histogram.Count && seen >= level / 100 * histogram.Count)
            {
                Line(text, $"{value,12:F3} {level / 100:F12} {seen,10} {100 / (100 - level),14:F2}");
                level += 100 / (TicksPerHalfDistance * Math.Pow(2, Math.Floor(Math.Log2(100 / (100 - level))) + 1));
            }

            if (seen == histogram.Count)
            {
                Line(text, $"{value,12:F3} {1.0:F12} {seen,10}");
            }
        }

        Line(text, $"#[Mean    = {histogram.MeanNanoseconds / NanosecondsPerMicrosecond,12:F3}, StdDeviation   = {Deviation(histogram) / NanosecondsPerMicrosecond,12:F3}]");
        Line(text, $"#[Max     = {histogram.MaxNanoseconds / NanosecondsPerMicrosecond,12:F3}, Total count    = {histogram.Count,12}]");
        Line(text, $"#[Buckets = {LatencyHistogram.DoublingCount,12}, SubBuckets     = {LatencyHistogram.SubBucketCount,12}]");
        return text.ToString();
    }

    /// <summary>Writes the interval log (<c>.hlog</c>), values in nanoseconds, an interval for each part of the run.</summary>
    /// <param name="startedAt">When the run began.</param>
    /// <param name="intervals">The parts: seconds from the beginning, length in seconds, times.</param>
    public static string Log(DateTimeOffset startedAt, IEnumerable<(double StartSeconds, double LengthSeconds, LatencyHistogram Histogram)> intervals)
    {
        var text = new StringBuilder();
        Line(text, $"#[Histogram log format version 1.3]");
        Line(text, $"#[StartTime: {startedAt.ToUnixTimeMilliseconds() / 1000.0:F3} (seconds since epoch), {startedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}]");
        Line(text, $"\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"");
        foreach (var (start, length, histogram) in intervals)
        {
            Line(text, $"{start:F3},{length:F3},{(double)histogram.MaxNanoseconds:F3},{HistogramCodec.Encode(histogram)}");
        }

        return text.ToString();
    }

    private static double Deviation(LatencyHistogram histogram)
    {
        var mean = histogram.MeanNanoseconds;
        var squares = 0.0;
        for (var index = 0; index < LatencyHistogram.BucketCount; index++)
        {
            var distance = LatencyHistogram.HighestOf(index) - mean;
            squares += histogram.Counts[index] * distance * distance;
        }

        return histogram.Count == 0 ? 0 : Math.Sqrt(squares / histogram.Count);
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
