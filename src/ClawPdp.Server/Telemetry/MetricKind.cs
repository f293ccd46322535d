namespace ClawPdp.Server.Telemetry;

/// <summary>What a metric is.</summary>
internal enum MetricKind
{
    /// <summary>A number that only grows while the process lives.</summary>
    Counter = 0,

    /// <summary>A number as it is now.</summary>
    Gauge = 1,

    /// <summary>How many durations were at most so long.</summary>
    Histogram = 2,
}
