using ClawPdp.Server.Health;
using ClawPdp.Server.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Telemetry;

/// <summary>The health of each part, and how far the sidecar's clock is from the system's.</summary>
internal sealed class HealthMeter : IMetricSource
{
    private readonly (string Name, IInstantCheck Check)[] _checks;
    private readonly TimeProvider _time;

    public HealthMeter(DecisionHealthCheck decision, RecordHealthCheck record, IssuanceHealthCheck issuance, TransparencyHealthCheck transparency, FilesHealthCheck files, TimeProvider time)
    {
        _checks =
        [
            (HealthNames.Decision, decision),
            (HealthNames.Record, record),
            (HealthNames.Issuance, issuance),
            (HealthNames.Transparency, transparency),
            (HealthNames.Files, files),
        ];
        _time = time;
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("clawpdp.health", "1", "1 while a part serves, as its gRPC health says, else 0", () => Read(static status => status != HealthStatus.Unhealthy), "check"),
        Metric.Gauge("clawpdp.health.warning", "1", "1 while a part serves and something about it is wrong all the same, else 0", () => Read(static status => status == HealthStatus.Degraded), "check"),
        Metric.Gauge("clawpdp.clock.ahead", "s", "By how much the system's clock was set back behind the time that the sidecar goes by; 0 while they are one", () => ClockWatch.AheadOf(_time).TotalSeconds),
    ];

    private IEnumerable<MetricPoint> Read(Func<HealthStatus, bool> holds) =>
        _checks.Select(entry => MetricPoint.Of(holds(entry.Check.Check().Status) ? 1 : 0, entry.Name));
}
