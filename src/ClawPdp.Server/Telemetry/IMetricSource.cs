namespace ClawPdp.Server.Telemetry;

/// <summary>Something that has metrics.</summary>
internal interface IMetricSource
{
    /// <summary>Gets the metrics, always the same ones.</summary>
    IEnumerable<Metric> Metrics { get; }
}
