using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Statistics;

/// <summary>What is drawn as one: a run, or a part of the only run.</summary>
/// <param name="Times">The times of its good calls.</param>
/// <param name="Seconds">How long it was.</param>
internal sealed record SampleUnit(LatencyHistogram Times, double Seconds);
