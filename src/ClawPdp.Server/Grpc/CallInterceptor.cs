using ClawPdp.Server.Health;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClawPdp.Server.Grpc;

/// <summary>Stands around every handler: what escapes one is an error status, logged once and counted, never a crash.</summary>
internal sealed class CallInterceptor : Interceptor
{
    private readonly OpenCalls _calls;
    private readonly ILogger<CallInterceptor> _logger;
    private readonly FailureCounter _failures;
    private readonly CallMeter _meter;
    private readonly CallSpans _spans;
    private readonly TimeProvider _time;

    public CallInterceptor(OpenCalls calls, ILogger<CallInterceptor> logger, FailureCounter failures, CallMeter meter, CallSpans spans, TimeProvider time)
    {
        _calls = calls;
        _logger = logger;
        _failures = failures;
        _meter = meter;
        _spans = spans;
        _time = time;
    }

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context, isStream: false);
        using var account = new CallAccount(_meter, _spans, context, isStream: false, _time);
        try
        {
            return account.Take(await continuation(request, context));
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw account.Take(Translate(exception, context.Method));
        }
        catch (RpcException exception)
        {
            _ = account.Take(exception);
            throw;
        }
        finally
        {
            _calls.Leave(isStream: false);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context, isStream: true);
        using var account = new CallAccount(_meter, _spans, context, isStream: true, _time);
        try
        {
            await continuation(request, new CountedAnswers<TResponse>(responseStream, account), context);
            account.TakeEnd();
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw account.Take(Translate(exception, context.Method));
        }
        catch (RpcException exception)
        {
            _ = account.Take(exception);
            throw;
        }
        finally
        {
            _calls.Leave(isStream: true);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context, isStream: true);
        using var account = new CallAccount(_meter, _spans, context, isStream: true, _time);
        try
        {
            await continuation(requestStream, responseStream, context);
            account.TakeEnd();
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw account.Take(Translate(exception, context.Method));
        }
        catch (RpcException exception)
        {
            _ = account.Take(exception);
            throw;
        }
        finally
        {
            _calls.Leave(isStream: true);
        }
    }

    // A message that does not parse is an IOException, as is a caller who is gone; only the one is answered.
    private static bool IsUnexpected(Exception exception) =>
        exception is InvalidProtocolBufferException or not (RpcException or OperationCanceledException or IOException);

    private void Begin(ServerCallContext context, bool isStream)
    {
        MalformedMessages.MarkRead(context.GetHttpContext());
        _calls.Enter(isStream);
    }

    private RpcException Translate(Exception exception, string method)
    {
        if (exception is InvalidProtocolBufferException)
        {
            return new RpcException(MalformedMessages.Status);
        }

        _failures.Add();
        Log.CallFailed(_logger, method, exception);
        return new RpcException(new Status(StatusCode.Internal, "the call could not be finished"));
    }
}
