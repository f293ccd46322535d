using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Counters;
using Grpc.Core;

namespace ClawPdp.Server.Telemetry;

/// <summary>Counts the calls that were refused, by whatever way they came: with a refusal in the answer, or a status that is one. Safe for concurrent use.</summary>
internal sealed class RefusalMeter : IMetricSource
{
    // What a caller may get is the reasons of the contract and some twenty codes that are a status's or a door's own.
    private const int OwnCountMax = 64;
    private const string Unavailable = "UNAVAILABLE";

    private static readonly Dictionary<string, ReasonCode> Reasons =
        Enumerable.Range(0, ReasonNumbers.Count).Select(ReasonNumbers.CodeAt).DistinctBy(ReasonCatalog.NameOf, StringComparer.Ordinal).ToDictionary(ReasonCatalog.NameOf, StringComparer.Ordinal);

    private readonly StripedCounters _reasons = new(ReasonNumbers.Count);
    private readonly SeriesNames _ownNames = SeriesNames.Growing(OwnCountMax);
    private readonly StripedCounters _own = new(OwnCountMax);

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
        [Metric.Counter("clawpdp.refusals", "{call}", "Calls that were refused, by the class of the reason and the reason; denials of questions are in clawpdp.decisions", Read, "class", "reason")];

    /// <summary>Counts a refusal.</summary>
    public void Count(ReasonCode reason) => _reasons.Add(ReasonNumbers.NumberOf(reason));

    /// <summary>Counts a refusal by the code that the caller gets, which is one of our own words and nothing that the caller sent.</summary>
    public void Count(string code)
    {
        if (Reasons.TryGetValue(code, out var reason))
        {
            Count(reason);
        }
        else
        {
            _own.Add(_ownNames.NumberOf(code));
        }
    }

    /// <summary>Counts a call that ended with a status of gRPC. One that its caller gave up is no refusal.</summary>
    public void Count(StatusCode status)
    {
        if (status is not (StatusCode.OK or StatusCode.Cancelled or StatusCode.DeadlineExceeded))
        {
            Count(CodeOf(status));
        }
    }

    /// <summary>Counts a request that ended with a status of HTTP, 400 to 599, and no code of ours.</summary>
    public void CountHttp(int status) => Count(status switch
    {
        StatusCodes.Status401Unauthorized => "UNAUTHENTICATED",
        StatusCodes.Status403Forbidden => "PERMISSION_DENIED",
        StatusCodes.Status404NotFound => "NOT_FOUND",
        StatusCodes.Status405MethodNotAllowed or StatusCodes.Status501NotImplemented => "NOT_SUPPORTED",
        StatusCodes.Status429TooManyRequests => "OVERLOADED",
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        < StatusCodes.Status500InternalServerError => "REQUEST_INVALID",
        _ => "INTERNAL_ERROR",
    });

    private static string CodeOf(StatusCode status) => status switch
    {
        StatusCode.InvalidArgument => "REQUEST_INVALID",
        StatusCode.ResourceExhausted => "OVERLOADED",
        StatusCode.Unimplemented => "NOT_SUPPORTED",
        StatusCode.NotFound => "NOT_FOUND",
        StatusCode.PermissionDenied => "PERMISSION_DENIED",
        StatusCode.Unauthenticated => "UNAUTHENTICATED",
        StatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        StatusCode.Unavailable => Unavailable,
        _ => "INTERNAL_ERROR",
    };

    private static MetricPoint PointOf(long count, ReasonClass reasonClass, string reason) => new(count, [ReasonCatalog.NameOf(reasonClass), reason]);

    private IEnumerable<MetricPoint> Read()
    {
        for (var number = 0; number < _reasons.Count; number++)
        {
            if (_reasons.Read(number) is > 0 and var count)
            {
                var reason = ReasonNumbers.CodeAt(number);
                yield return PointOf(count, ReasonCatalog.ClassOf(reason), ReasonCatalog.NameOf(reason));
            }
        }

        for (var number = 0; number < _ownNames.Count; number++)
        {
            if (_own.Read(number) is > 0 and var count)
            {
                yield return PointOf(count, _ownNames[number] is Unavailable ? ReasonClass.Transient : ReasonClass.Structural, _ownNames[number]);
            }
        }
    }
}
