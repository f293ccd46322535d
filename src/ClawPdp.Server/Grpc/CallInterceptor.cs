using ClawPdp.Server.Health;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClawPdp.Server.Grpc;

/// <summary>Stands around every handler: what escapes one is an error status, logged once and counted, never a crash.</summary>
internal sealed class CallInterceptor : Interceptor
{
    private readonly ILogger<CallInterceptor> _logger;
    private readonly FailureCounter _failures;

    public CallInterceptor(ILogger<CallInterceptor> logger, FailureCounter failures)
    {
        _logger = logger;
        _failures = failures;
    }

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        MalformedMessages.MarkRead(context.GetHttpContext());
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        MalformedMessages.MarkRead(context.GetHttpContext());
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        MalformedMessages.MarkRead(context.GetHttpContext());
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception) when (IsUnexpected(exception))
        {
            throw Translate(exception, context.Method);
        }
    }

    private static bool IsUnexpected(Exception exception) => exception is not (RpcException or OperationCanceledException or IOException);

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
