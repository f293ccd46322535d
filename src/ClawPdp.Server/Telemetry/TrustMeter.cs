using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Identity;
using ClawPdp.Server.Keys;
using ClawPdp.Server.Mappings;

namespace ClawPdp.Server.Telemetry;

/// <summary>What answers rest on: the state in force, the policies, the keys, those of the identity providers, and what is revoked.</summary>
internal sealed class TrustMeter : IMetricSource
{
    private readonly EngineStateStore _states;
    private readonly RevocationView _revocations;
    private readonly KeyRingStore _keys;
    private readonly MappingStore _mappings;
    private readonly IReadOnlyList<IssuerKeySource> _issuers;
    private readonly TimeProvider _time;

    public TrustMeter(EngineStateStore states, RevocationView revocations, KeyRingStore keys, MappingStore mappings, IEnumerable<IssuerKeySource> issuers, TimeProvider time)
    {
        _states = states;
        _revocations = revocations;
        _keys = keys;
        _mappings = mappings;
        _issuers = [.. issuers];
        _time = time;
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Gauge("clawpdp.epoch", "1", "The epoch: it moves on any change of policy, mapping, keys or revocations", () => _states.Current.Epoch),
        Metric.Gauge("clawpdp.policy.info", "1", "1 for each policy in force, by the audience that it is for; an empty audience is all that have none of their own", ReadPolicies, "audience", "policy_id", "policy_hash", "label"),
        Metric.Gauge("clawpdp.token.cache.entries", "{token}", "Verified tokens that are remembered", () => _states.Current.Keys.VerifiedCount),
        Metric.Gauge("clawpdp.revocations.held", "{revocation}", "Revocations that still cover a token", () => _revocations.Count),
        Metric.Gauge("clawpdp.signing_key.age", "s", "Age of the key that signs, by its purpose", ReadKeyAges, "purpose"),
        Metric.Gauge("clawpdp.signer.up", "1", "1 while the signer that holds the key of tokens answers, else 0; absent while the key is here", ReadSigner),
        Metric.Gauge("clawpdp.identity_provider.keys", "{key}", "Usable keys of an identity provider", () => OfIssuers(static health => health.KeyCount), "issuer"),
        Metric.Gauge("clawpdp.identity_provider.keys.usable", "1", "1 while tokens of an identity provider can be verified, else 0", () => OfIssuers(static health => health.State is IssuerState.Healthy or IssuerState.Degraded ? 1 : 0), "issuer"),
        Metric.Gauge("clawpdp.identity_provider.keys.age", "s", "Time since an identity provider's keys were last fetched; absent before the first time", ReadIssuerAges, "issuer"),
        Metric.Gauge("clawpdp.identity_provider.fetch_failures", "{fetch}", "Fetches of an identity provider's keys that failed since the last one that did not", () => OfIssuers(static health => health.FailureCount), "issuer"),
    ];

    private IEnumerable<MetricPoint> ReadPolicies()
    {
        var policies = _states.Current.Policies;
        var named = policies.ByAudience.Select(static entry => (Audience: entry.Key, Policy: entry.Value));
        return (policies.Common is { } common ? named.Prepend((Audience: "", Policy: common)) : named).Select(entry => PointOf(entry.Audience, entry.Policy));
    }

    private MetricPoint PointOf(string audience, ActivePolicy active)
    {
        var policy = active.Current.Chain.Policy;
        return new MetricPoint(1, [audience, policy.PolicyId, policy.PolicyHash, _mappings.LabelOf(policy.PolicyHash)]);
    }

    private IEnumerable<MetricPoint> ReadKeyAges()
    {
        var now = _time.GetUtcNow();
        var ring = _keys.Current;
        foreach (var purpose in KeyPurposeText.Held)
        {
            if (ring.AcceptedOf(purpose, now).FirstOrDefault(static key => key.CanSign) is { } key)
            {
                yield return MetricPoint.Of(Math.Max(0, (now - key.CreatedAt).TotalSeconds), KeyPurposeText.NameOf(purpose));
            }
        }
    }

    private IEnumerable<MetricPoint> ReadSigner() => _keys.Current.HasSigner ? [MetricPoint.Of(_keys.CanIssue ? 1 : 0)] : [];

    private IEnumerable<MetricPoint> OfIssuers(Func<IssuerHealth, double> read) =>
        _issuers.Select(source => MetricPoint.Of(read(source.Health), source.Settings.Issuer));

    private IEnumerable<MetricPoint> ReadIssuerAges()
    {
        foreach (var health in _issuers.Select(static source => source.Health))
        {
            if (health.LastSuccess is { } fetchedAt)
            {
                yield return MetricPoint.Of(Math.Max(0, (_time.GetUtcNow() - fetchedAt).TotalSeconds), health.Issuer);
            }
        }
    }
}
