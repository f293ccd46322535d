using ClawPdp.Core.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>The last line of every call that writes: what goes wrong becomes a refusal with a reason, logged once and counted.</summary>
internal sealed class CallGuard
{
    private readonly ILogger<CallGuard> _logger;
    private readonly FailureCounter _failures;

    public CallGuard(ILogger<CallGuard> logger, FailureCounter failures)
    {
        _logger = logger;
        _failures = failures;
    }

    /// <summary>Runs a call.</summary>
    /// <param name="method">The name of the call.</param>
    /// <param name="call">The call.</param>
    /// <param name="refuse">Makes the answer that refuses.</param>
    public async Task<TResponse> RunAsync<TResponse>(
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
            Log.LedgerFailed(_logger, method, exception.Fault.ToString());
            return refuse(ReasonCode.LedgerUnavailable, "the record could not be made durable");
        }
        catch (Exception exception) when (exception is not (RpcException or OperationCanceledException or OutOfMemoryException))
        {
            _failures.Add();
            Log.CallFailed(_logger, method, exception);
            return refuse(ReasonCode.InternalError, "the call could not be finished");
        }
    }
}
