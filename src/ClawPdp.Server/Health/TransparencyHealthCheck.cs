using ClawPdp.TransparencyLog;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>Does the transparency log agree with what it signed, and is it written?</summary>
internal sealed class TransparencyHealthCheck : IHealthCheck
{
    private readonly TransparencyLogStore _log;

    public TransparencyHealthCheck(TransparencyLogStore log) => _log = log;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = _log.Health;
        return Task.FromResult(health.State == LogState.Healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(health.Message));
    }
}
