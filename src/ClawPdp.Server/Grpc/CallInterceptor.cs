using ClawPdp.Server.Health;
using ClawPdp.Server.Overload;
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

    public CallInterceptor(OpenCalls calls, ILogger<CallInterceptor> logger, FailureCounter failures)
    {
        _calls = calls;
        _logger = logger;
        _failures = failures;
    }

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context, isStream: false);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
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
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
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
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
        }
        finally
        {
            _calls.Leave(isStream: true);
        }
    }

    private static bool IsUnexpected(Exception exception) => exception is not (RpcException or OperationCanceledException or IOException);

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
