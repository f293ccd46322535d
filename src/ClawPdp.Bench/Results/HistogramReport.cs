using System.Text.Json.Serialization;
using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Results;

/// <summary>A histogram of times, in nanoseconds.</summary>
/// <param name="Count">How many times there are.</param>
/// <param name="SumNs">Their sum, exactly.</param>
/// <param name="MaxNs">The longest, exactly.</param>
/// <param name="Data">All of them: HdrHistogram V2, compressed, in base64.</param>
public sealed record HistogramReport(long Count, [property: JsonPropertyName("sum_ns")] long SumNs, [property: JsonPropertyName("max_ns")] long MaxNs, string Data)
{
    /// <summary>Writes a histogram.</summary>
    public static HistogramReport Of(LatencyHistogram histogram) => new(histogram.Count, histogram.SumNanoseconds, histogram.MaxNanoseconds, HistogramCodec.Encode(histogram));

    /// <summary>Reads the histogram.</summary>
    /// <returns>It; <see langword="null"/> where the data is none, or does not have the count that is stated.</returns>
    public LatencyHistogram? Read()
    {
        if (Data is null || SumNs < 0 || MaxNs < 0 || HistogramCodec.Decode(Data) is not { } counts)
        {
            return null;
        }

        var histogram = LatencyHistogram.Of(counts, SumNs, MaxNs);
        return histogram.Count == Count ? histogram : null;
    }
}
