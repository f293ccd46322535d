using System.Globalization;
using ClawPdp.Ledger;
using ClawPdp.Server.Reload;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>
/// Are decisions made? They do not need the ledger where their records follow them. A refused reload, lost records and a clock that was set
/// back are told, but decisions go on.
/// </summary>
internal sealed class DecisionHealthCheck : IInstantCheck
{
    private readonly ServerSettings _settings;
    private readonly LedgerStore _ledger;
    private readonly IReadOnlyList<IReloadable> _watched;
    private readonly TimeProvider _time;

    public DecisionHealthCheck(ServerSettings settings, LedgerStore ledger, IEnumerable<IReloadable> watched, TimeProvider time)
    {
        _settings = settings;
        _ledger = ledger;
        _watched = [.. watched];
        _time = time;
    }

    /// <inheritdoc/>
    public HealthCheckResult Check()
    {
        var health = _ledger.Health;
        var ledger = RecordHealthCheck.FaultOf(health);
        if (ledger is not null && (_settings.DecisionLog == DecisionLogMode.Durable || health.State == LedgerState.Closed))
        {
            return HealthCheckResult.Unhealthy(ledger);
        }

        var detail = string.Join("; ", FaultsOf(ledger));
        return detail.Length == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(detail);
    }

    private IEnumerable<string> FaultsOf(string? ledger)
    {
        if (ledger is not null)
        {
            yield return ledger;
        }

        if (ClockWatch.AheadOf(_time) is var ahead && ahead > TimeSpan.Zero)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the system's clock was set back by {ahead.TotalSeconds:F0} s");
        }

        foreach (var watched in _watched.Where(static watched => watched.Fault is not null))
        {
            yield return $"{watched.Name}: {watched.Fault}";
        }
    }
}
