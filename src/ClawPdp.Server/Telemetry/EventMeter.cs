using System.Collections.Immutable;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Telemetry;

/// <summary>Counts what was issued, and what was revoked, once it is on disk.</summary>
internal sealed class EventMeter : IMetricSource
{
    private static readonly ImmutableArray<RevocationTargetKind> Kinds = [.. Enum.GetValues<RevocationTargetKind>()];

    private readonly long[] _revocations = new long[(int)Kinds.Max() + 1];
    private long _issued;
    private long _delegated;

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("clawpdp.tokens.issued", "{token}", "Tokens that were issued, by what for: a sign_in, or a delegation of another token", ReadIssued, "ground"),
        Metric.Counter("clawpdp.revocations", "{revocation}", "Revocations that were new, by the kind of what they name", ReadRevocations, "kind"),
    ];

    /// <summary>Counts a token.</summary>
    public void CountIssued(bool isDelegated) => Interlocked.Increment(ref isDelegated ? ref _delegated : ref _issued);

    /// <summary>Counts a revocation.</summary>
    public void CountRevoked(RevocationTargetKind kind) => Interlocked.Increment(ref _revocations[(int)kind]);

    private IEnumerable<MetricPoint> ReadIssued() =>
        [MetricPoint.Of(Interlocked.Read(ref _issued), "sign_in"), MetricPoint.Of(Interlocked.Read(ref _delegated), "delegation")];

    private IEnumerable<MetricPoint> ReadRevocations() => Kinds
        .Where(static kind => kind != RevocationTargetKind.Unspecified)
        .Select(kind => MetricPoint.Of(Interlocked.Read(ref _revocations[(int)kind]), Revocations.RevocationFeedKey.NameOf(kind)));
}
