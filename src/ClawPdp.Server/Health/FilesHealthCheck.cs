using ClawPdp.Server.Reload;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>
/// Is everything in force as the files have it, and nothing of it withdrawn? For alarms alone: what is served is the last good, so
/// nothing should be restarted or taken off for this.
/// </summary>
internal sealed class FilesHealthCheck : IInstantCheck
{
    private readonly IReadOnlyList<IReloadable> _watched;

    public FilesHealthCheck(IEnumerable<IReloadable> watched) => _watched = [.. watched];

    /// <inheritdoc/>
    public HealthCheckResult Check()
    {
        var faults = _watched.Where(static watched => watched.Fault is not null).Select(static watched => $"{watched.Name}: {watched.Fault}");
        var detail = string.Join("; ", faults);
        return detail.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(detail);
    }
}
