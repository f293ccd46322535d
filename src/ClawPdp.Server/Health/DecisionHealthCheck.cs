using ClawPdp.Ledger;
using ClawPdp.Server.Reload;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>Are decisions made and records kept? A refused reload is told, but the last good files go on serving.</summary>
internal sealed class DecisionHealthCheck : IHealthCheck
{
    private readonly LedgerStore _ledger;
    private readonly IReadOnlyList<IReloadable> _watched;

    public DecisionHealthCheck(LedgerStore ledger, IEnumerable<IReloadable> watched)
    {
        _ledger = ledger;
        _watched = [.. watched];
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_ledger.Health.State != LedgerState.Healthy)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("the ledger does not take records"));
        }

        var faults = _watched.Where(static watched => watched.Fault is not null).Select(static watched => $"{watched.Name}: {watched.Fault}");
        var detail = string.Join("; ", faults);
        return Task.FromResult(detail.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(detail));
    }
}
