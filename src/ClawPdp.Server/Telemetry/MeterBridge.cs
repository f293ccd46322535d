using System.Diagnostics.Metrics;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// The metrics as instruments of System.Diagnostics.Metrics, for whoever listens in the process. They are observed when they are collected; the
/// histograms are recorded into as durations come.
/// </summary>
internal sealed class MeterBridge : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ClawPdp";

    private readonly Meter _meter;

    public MeterBridge(MetricCatalog catalog)
    {
        _meter = new Meter(MeterName, ProcessMeter.Version);
        foreach (var metric in catalog.Metrics)
        {
            Add(metric);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> Observe(Metric metric) => metric.Read().Select(point => new Measurement<double>(
        point.Value,
        metric.Labels.Zip(point.Labels, static (label, value) => new KeyValuePair<string, object?>(label, value))));

    private void Add(Metric metric)
    {
        switch (metric.Kind)
        {
            case MetricKind.Counter:
                _ = _meter.CreateObservableCounter(metric.Name, () => Observe(metric), metric.Unit, metric.Help);
                break;
            case MetricKind.Histogram:
                var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationHistogram.BoundsSeconds };
                metric.Durations?.MirrorTo(_meter.CreateHistogram(metric.Name, metric.Unit, metric.Help, tags: null, advice));
                break;
            default:
                _ = _meter.CreateObservableGauge(metric.Name, () => Observe(metric), metric.Unit, metric.Help);
                break;
        }
    }
}
