using System.Globalization;
using ClawPdp.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>Does the ledger take records? Receipts and runs are nothing without.</summary>
internal sealed class RecordHealthCheck : IInstantCheck
{
    private readonly LedgerStore _ledger;

    public RecordHealthCheck(LedgerStore ledger) => _ledger = ledger;

    /// <summary>Gives what is wrong with the ledger; <see langword="null"/> for nothing.</summary>
    public static string? FaultOf(LedgerHealth health) => health.State switch
    {
        LedgerState.Healthy => null,
        LedgerState.Stalled => string.Create(CultureInfo.InvariantCulture, $"the disk does not answer: a commit has been under way for {health.CommitUnderWayFor.TotalSeconds:F0} s"),
        LedgerState.Failing => string.Create(CultureInfo.InvariantCulture, $"the ledger does not take records: SQLite result {health.LastErrorCode}"),
        _ => "the ledger does not take records",
    };

    /// <inheritdoc/>
    public HealthCheckResult Check() =>
        FaultOf(_ledger.Health) is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy();
}
