using System.Collections.Immutable;

namespace ClawPdp.Server.Telemetry;

/// <summary>The durations of one series as they were read.</summary>
/// <param name="Label">The value of the histogram's label; <see langword="null"/> where it has none.</param>
/// <param name="Buckets">The buckets, the shortest first.</param>
/// <param name="SumSeconds">All durations added up.</param>
internal sealed record DurationSeries(string? Label, ImmutableArray<DurationBucket> Buckets, double SumSeconds)
{
    /// <summary>Gets how many durations there were.</summary>
    public long Count => Buckets.Sum(static bucket => bucket.Count);
}
