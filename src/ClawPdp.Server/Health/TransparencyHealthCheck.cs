using ClawPdp.TransparencyLog;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>Does the transparency log agree with what it signed, and is it written?</summary>
internal sealed class TransparencyHealthCheck : IInstantCheck
{
    private readonly TransparencyLogStore _log;

    public TransparencyHealthCheck(TransparencyLogStore log) => _log = log;

    /// <inheritdoc/>
    public HealthCheckResult Check()
    {
        var health = _log.Health;
        return health.State == LogState.Healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(health.Message);
    }
}
