using System.Collections.Concurrent;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Health;

/// <summary>Counts what happens to policies.</summary>
internal sealed class PolicyMeter : IMetricSource
{
    private readonly ConcurrentDictionary<(string Live, string Candidate), long> _shadowDifferences = new();
    private long _failures;
    private long _activations;
    private long _lastNumber;

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("clawpdp.policy.reload_failures", "{failure}", "Changed policy files that were refused, each kind of fault once until it changes", () => Interlocked.Read(ref _failures)),
        Metric.Counter("clawpdp.policy.activations", "{activation}", "Activations since the start", () => Interlocked.Read(ref _activations)),
        Metric.Gauge("clawpdp.policy.activation_number", "{number}", "Number of the last activation; 0 for none", () => Interlocked.Read(ref _lastNumber)),
        Metric.Counter("clawpdp.policy.shadow_differences", "{question}", "Questions that a candidate would have answered otherwise, by the two reasons", ReadDifferences, "live", "candidate"),
    ];

    /// <summary>Counts a refused change.</summary>
    public void AddFailure() => Interlocked.Increment(ref _failures);

    /// <summary>Counts an activation.</summary>
    public void AddActivation(long number)
    {
        Interlocked.Increment(ref _activations);
        ShowNumber(number);
    }

    /// <summary>Counts a question that a candidate would have answered otherwise; both are names of reasons.</summary>
    public void AddShadowDifference(string live, string candidate) =>
        _shadowDifferences.AddOrUpdate((live, candidate), 1, static (_, count) => count + 1);

    /// <summary>Shows the number of the last activation.</summary>
    public void ShowNumber(long number) => Interlocked.Exchange(ref _lastNumber, number);

    private IEnumerable<MetricPoint> ReadDifferences() =>
        _shadowDifferences.Select(static entry => new MetricPoint(entry.Value, [entry.Key.Live, entry.Key.Candidate]));
}
