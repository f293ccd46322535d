using ClawPdp.Identity;
using ClawPdp.Ledger;
using ClawPdp.Server.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClawPdp.Server.Health;

/// <summary>Can a token be issued for the users of at least one identity provider?</summary>
internal sealed class IssuanceHealthCheck : IInstantCheck
{
    private readonly LedgerStore _ledger;
    private readonly KeyRingStore _keys;
    private readonly IReadOnlyList<IssuerKeySource> _sources;

    public IssuanceHealthCheck(LedgerStore ledger, KeyRingStore keys, IEnumerable<IssuerKeySource> sources)
    {
        _keys = keys;
        _ledger = ledger;
        _sources = [.. sources];
    }

    /// <inheritdoc/>
    public HealthCheckResult Check()
    {
        var canVerify = _sources.Any(static source => source.Health.State is IssuerState.Healthy or IssuerState.Degraded);
        return canVerify && _keys.CanIssue && _ledger.Health.State == LedgerState.Healthy
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("no identity provider's keys are at hand, the ledger does not take records, or the signer does not answer");
    }
}
