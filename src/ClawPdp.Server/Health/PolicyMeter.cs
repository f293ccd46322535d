using System.Diagnostics.Metrics;

namespace ClawPdp.Server.Health;

/// <summary>Counts what happens to policies, for the meter <c>ClawPdp</c>.</summary>
internal sealed class PolicyMeter : IDisposable
{
    private readonly Meter _meter = new("ClawPdp");
    private readonly Counter<long> _failures;
    private readonly Counter<long> _activations;
    private readonly Counter<long> _shadowDifferences;
    private long _lastNumber;

    public PolicyMeter()
    {
        _failures = _meter.CreateCounter<long>("clawpdp.policy.reload_failures", "{failure}", "Changed policy files that were refused, each kind of fault once until it changes");
        _activations = _meter.CreateCounter<long>("clawpdp.policy.activations", "{activation}", "Activations since the start");
        _shadowDifferences = _meter.CreateCounter<long>("clawpdp.policy.shadow_differences", "{question}", "Questions that a candidate would have answered otherwise, by the two reasons");
        _meter.CreateObservableGauge("clawpdp.policy.activation_number", () => Interlocked.Read(ref _lastNumber), "{number}", "Number of the last activation; 0 for none");
    }

    /// <summary>Counts a refused change.</summary>
    public void AddFailure() => _failures.Add(1);

    /// <summary>Counts an activation.</summary>
    public void AddActivation(long number)
    {
        _activations.Add(1);
        ShowNumber(number);
    }

    /// <summary>Counts a question that a candidate would have answered otherwise.</summary>
    public void AddShadowDifference(string live, string candidate) =>
        _shadowDifferences.Add(1, new KeyValuePair<string, object?>("live", live), new KeyValuePair<string, object?>("candidate", candidate));

    /// <summary>Shows the number of the last activation.</summary>
    public void ShowNumber(long number) => Interlocked.Exchange(ref _lastNumber, number);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
