using ClawPdp.Core.Decisions;
using ClawPdp.Ledger;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>The last line of every call that writes: what goes wrong becomes a refusal with a reason, logged once.</summary>
internal static class CallGuard
{
    /// <summary>Runs a call.</summary>
    /// <param name="logger">Where an unexpected failure is logged.</param>
    /// <param name="method">The name of the call.</param>
    /// <param name="call">The call.</param>
    /// <param name="refuse">Makes the answer that refuses.</param>
    public static async Task<TResponse> RunAsync<TResponse>(
        ILogger logger,
        string method,
        Func<Task<TResponse>> call,
        Func<ReasonCode, string, TResponse> refuse)
    {
        try
        {
            return await call();
        }
        catch (LedgerException exception) when (exception.Fault == LedgerFault.Overloaded)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "the ledger's queue is full; retry later"));
        }
        catch (LedgerException exception)
        {
            Log.LedgerFailed(logger, method, exception.Fault.ToString());
            return refuse(ReasonCode.LedgerUnavailable, "the record could not be made durable");
        }
        catch (Exception exception) when (exception is not (RpcException or OperationCanceledException or OutOfMemoryException))
        {
            Log.CallFailed(logger, method, exception);
            return refuse(ReasonCode.InternalError, "the call could not be finished");
        }
    }
}
