using System.Collections.Immutable;

namespace ClawPdp.Server.Telemetry;

/// <summary>Every metric of the sidecar, by name. All that is exported comes from here.</summary>
internal sealed class MetricCatalog
{
    public MetricCatalog(IEnumerable<IMetricSource> sources) =>
        Metrics = [.. sources.SelectMany(static source => source.Metrics).OrderBy(static metric => metric.Name, StringComparer.Ordinal)];

    /// <summary>Gets the metrics.</summary>
    public ImmutableArray<Metric> Metrics { get; }
}
