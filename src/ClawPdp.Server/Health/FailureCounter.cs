using System.Diagnostics.Metrics;

namespace ClawPdp.Server.Health;

/// <summary>Counts what should never happen, as the metric <c>clawpdp.unexpected_failures</c>.</summary>
internal sealed class FailureCounter : IDisposable
{
    private readonly Meter _meter = new("ClawPdp");
    private readonly Counter<long> _failures;

    public FailureCounter() => _failures = _meter.CreateCounter<long>("clawpdp.unexpected_failures", "{failure}", "Calls and decisions that ended in INTERNAL_ERROR");

    /// <summary>Counts one.</summary>
    public void Add() => _failures.Add(1);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
