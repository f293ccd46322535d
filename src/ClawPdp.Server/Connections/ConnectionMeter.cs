using System.Collections.Immutable;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Connections;

/// <summary>Counts the connections that the sidecar closed by itself.</summary>
internal sealed class ConnectionMeter : IMetricSource
{
    private static readonly ImmutableArray<(ClosingCause Cause, string Name)> Causes =
    [
        (ClosingCause.Full, "full"),
        (ClosingCause.Peer, "peer"),
        (ClosingCause.GaveWay, "gave_way"),
        (ClosingCause.Silent, "silent"),
        (ClosingCause.Client, "client"),
    ];

    private readonly long[] _counts = new long[(int)Causes.Max(static item => item.Cause) + 1];

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("clawpdp.connections.closed", "{connection}", "Connections that the sidecar closed by itself, by cause", Read, "cause"),
    ];

    /// <summary>Counts one.</summary>
    public void Count(ClosingCause cause) => Interlocked.Increment(ref _counts[(int)cause]);

    /// <summary>Gives how many there were for a cause.</summary>
    public long CountOf(ClosingCause cause) => Interlocked.Read(ref _counts[(int)cause]);

    private IEnumerable<MetricPoint> Read() => Causes.Select(item => MetricPoint.Of(CountOf(item.Cause), item.Name));
}
