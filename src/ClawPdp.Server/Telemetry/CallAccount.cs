using System.Diagnostics;
using Grpc.Core;

namespace ClawPdp.Server.Telemetry;

/// <summary>One call of the gRPC pipeline, from its begin to its end: its span, its time, its status. What ends without a word was cancelled.</summary>
internal sealed class CallAccount : IDisposable
{
    private readonly CallMeter _meter;
    private readonly HttpContext _context;
    private readonly string _method;
    private readonly CallTrace _trace;
    private readonly Activity? _span;
    private readonly bool _isStream;
    private readonly long _begin;
    private StatusCode _status = StatusCode.Cancelled;

    public CallAccount(CallMeter meter, CallSpans spans, ServerCallContext context, bool isStream, TimeProvider time)
    {
        _meter = meter;
        _context = context.GetHttpContext();
        _method = context.Method;
        _isStream = isStream;
        _trace = CallTrace.Of(_context.Request.Headers);
        _span = spans.BeginCall(_method, _trace);
        _begin = time.GetTimestamp();
    }

    /// <summary>Takes the answer, and gives it back.</summary>
    public TResponse Take<TResponse>(TResponse answer)
        where TResponse : class
    {
        _status = StatusCode.OK;
        CountRefusals(answer);
        return answer;
    }

    /// <summary>Takes the error, and gives it back.</summary>
    public RpcException Take(RpcException failure)
    {
        _status = failure.StatusCode;
        _meter.Refusals.Count(_status);
        RefusalNotes.MarkCounted(_context);
        return failure;
    }

    /// <summary>Counts the refusals that an answer, or one of a stream, holds.</summary>
    public void CountRefusals(object answer)
    {
        foreach (var refusal in CallRefusals.Of(answer))
        {
            _meter.Refusals.Count((Core.Decisions.ReasonCode)(int)refusal.ReasonCode);
        }
    }

    /// <summary>Takes note that a stream ended as it should.</summary>
    public void TakeEnd() => _status = StatusCode.OK;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (CallMeter.Counts(_method))
        {
            if (_isStream)
            {
                _ = _meter.Count(_method, _status);
            }
            else
            {
                _meter.Count(_method, _status, _begin, _trace);
            }
        }

        _span?.SetTag("rpc.grpc.status_code", (int)_status);
        _span?.SetStatus(_status is StatusCode.OK or StatusCode.Cancelled ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        _span?.Dispose();
    }
}
