namespace ClawPdp.Bench.Statistics;

/// <summary>The figures that are compared.</summary>
internal static class Figures
{
    /// <summary>The first figure's name.</summary>
    public const string Median = "p50";

    /// <summary>Their names, in their order.</summary>
    public static readonly string[] Names = [Median, "p90", "p99", "p99.9", "mean", "throughput"];

    /// <summary>The shares of the figures that are percentiles, which come first.</summary>
    public static readonly double[] Shares = [0.5, 0.9, 0.99, 0.999];
}
