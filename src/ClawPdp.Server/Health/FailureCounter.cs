using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Health;

/// <summary>Counts what should never happen.</summary>
internal sealed class FailureCounter : IMetricSource
{
    private long _count;

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
        [Metric.Counter("clawpdp.unexpected_failures", "{failure}", "Calls and decisions that ended in INTERNAL_ERROR", () => Interlocked.Read(ref _count))];

    /// <summary>Counts one.</summary>
    public void Add() => Interlocked.Increment(ref _count);
}
