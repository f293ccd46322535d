using ClawPdp.Engine.Counters;
using ClawPdp.Server.Overload;
using Grpc.Core;

namespace ClawPdp.Server.Telemetry;

/// <summary>Counts the calls of the gRPC pipeline, and what is under way.</summary>
internal sealed class CallMeter : IMetricSource
{
    // The contract's methods and those of the doors are some forty.
    private const int MethodCountMax = 64;
    private const int StatusCount = (int)StatusCode.Unauthenticated + 1;
    private const string Authorize = "/clawpdp.v1.DecisionService/Authorize";

    private readonly SeriesNames _methods = SeriesNames.Growing(MethodCountMax);
    private readonly StripedCounters _calls = new(MethodCountMax * StatusCount);
    private readonly DurationHistogram _durations;
    private readonly OpenCalls _open;
    private readonly OpenConnections _connections;
    private readonly CallGate _gate;

    public CallMeter(OpenCalls open, OpenConnections connections, CallGate gate, RefusalMeter refusals, TimeProvider time)
    {
        _open = open;
        _connections = connections;
        _gate = gate;
        Refusals = refusals;
        _durations = new DurationHistogram("method", _methods, time);
    }

    /// <summary>Gets what counts refusals.</summary>
    public RefusalMeter Refusals { get; }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("clawpdp.calls", "{call}", "Calls of the gRPC pipeline that ended, by method and status; the single Authorize is in clawpdp.decisions alone", ReadCalls, "method", "status"),
        Metric.Histogram("clawpdp.call.duration", "How long single calls of the gRPC pipeline took", _durations),
        Metric.Gauge("clawpdp.calls.open", "{call}", "Single calls under way, of gRPC and of the HTTP doors", () => _open.CallCount),
        Metric.Gauge("clawpdp.streams.open", "{stream}", "Streams that are open", () => _open.StreamCount),
        Metric.Gauge("clawpdp.connections.open", "{connection}", "Connections that are open, of all listeners", () => _connections.Count),
        Metric.Gauge("clawpdp.writes.open", "{call}", "Calls under way that wait for the ledger", () => _gate.Count),
        Metric.Counter("clawpdp.overload.refusals", "{call}", "Calls and questions that there was no room for, by whose share was full", ReadFull, "share"),
    ];

    /// <summary>Tells whether calls of a method are counted here.</summary>
    public static bool Counts(string method) => !string.Equals(method, Authorize, StringComparison.Ordinal);

    /// <summary>Counts a single call.</summary>
    /// <param name="method">Its full name; one of those that are registered.</param>
    /// <param name="status">Its status.</param>
    /// <param name="begin">The timestamp of its begin.</param>
    /// <param name="trace">The trace in which it was.</param>
    public void Count(string method, StatusCode status, long begin, in CallTrace trace)
    {
        var number = Count(method, status);
        _durations.RecordSince(number, begin, trace);
    }

    /// <summary>Counts a stream that ended, and gives the number of its method.</summary>
    public int Count(string method, StatusCode status)
    {
        var number = _methods.NumberOf(method.TrimStart('/'));
        _calls.Add((number * StatusCount) + Math.Clamp((int)status, 0, StatusCount - 1));
        return number;
    }

    private IEnumerable<MetricPoint> ReadCalls()
    {
        for (var cell = 0; cell < _methods.Count * StatusCount; cell++)
        {
            if (_calls.Read(cell) is > 0 and var count)
            {
                yield return new MetricPoint(count, [_methods[cell / StatusCount], ((StatusCode)(cell % StatusCount)).ToString()]);
            }
        }
    }

    private IEnumerable<MetricPoint> ReadFull() =>
    [
        MetricPoint.Of(_gate.RefusedFor(FullShare.Total), "total"),
        MetricPoint.Of(_gate.RefusedFor(FullShare.Peer), "peer"),
        MetricPoint.Of(_gate.RefusedFor(FullShare.Token), "token"),
    ];
}
