using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>A health check that waits for nothing.</summary>
internal interface IInstantCheck : IHealthCheck
{
    /// <summary>Gives the health at this moment.</summary>
    HealthCheckResult Check();

    /// <inheritdoc/>
    Task<HealthCheckResult> IHealthCheck.CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) => Task.FromResult(Check());
}
