using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Results;

/// <summary>Percentiles of times, in microseconds.</summary>
/// <param name="P50">The median.</param>
/// <param name="P90">What 90 % took at most.</param>
/// <param name="P99">What 99 % took at most.</param>
/// <param name="P999">What 99.9 % took at most.</param>
/// <param name="Max">The longest.</param>
/// <param name="Mean">The mean.</param>
public sealed record TimesReport(double P50, double P90, double P99, double P999, double Max, double Mean)
{
    private const double NanosecondsPerMicrosecond = 1_000;

    /// <summary>Reads a histogram.</summary>
    /// <returns>Its percentiles; <see langword="null"/> where there is no time in it.</returns>
    public static TimesReport? Of(LatencyHistogram histogram) => histogram.Count == 0 ? null : new(
        At(histogram, 0.5),
        At(histogram, 0.9),
        At(histogram, 0.99),
        At(histogram, 0.999),
        histogram.MaxNanoseconds / NanosecondsPerMicrosecond,
        Math.Round(histogram.MeanNanoseconds / NanosecondsPerMicrosecond, 3));

    private static double At(LatencyHistogram histogram, double share) => histogram.AtShare(share) / NanosecondsPerMicrosecond;
}
