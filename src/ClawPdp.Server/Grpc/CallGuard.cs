using ClawPdp.Core.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Overload;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>
/// Stands around every call that writes: lets it in while there is room, and makes a refusal with a reason, logged and counted, of what
/// goes wrong.
/// </summary>
internal sealed class CallGuard
{
    private readonly CallGate _gate;
    private readonly LedgerFailureLog _ledgerFailures;
    private readonly ILogger<CallGuard> _logger;
    private readonly FailureCounter _failures;

    public CallGuard(CallGate gate, LedgerFailureLog ledgerFailures, ILogger<CallGuard> logger, FailureCounter failures)
    {
        _gate = gate;
        _ledgerFailures = ledgerFailures;
        _logger = logger;
        _failures = failures;
    }

    /// <summary>Lets a call in that writes, to be disposed when it is done.</summary>
    /// <param name="context">The call.</param>
    /// <param name="token">The token's text; empty for none.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with when to come again.</exception>
    public CallPass Enter(ServerCallContext context, string token) =>
        _gate.TryEnter(PeerOf(context), token, out var pass, out var refusal) ? pass : throw refusal.ToException();

    /// <summary>Lets one of the questions of a call in.</summary>
    public bool TryEnter(
        ServerCallContext context,
        string token,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CallPass? pass,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out CallRefusal? refusal) => _gate.TryEnter(PeerOf(context), token, out pass, out refusal);

    /// <summary>Runs a call that writes.</summary>
    /// <param name="method">The name of the call.</param>
    /// <param name="context">The call.</param>
    /// <param name="token">The token's text; empty for none.</param>
    /// <param name="call">What it does.</param>
    /// <param name="refuse">Makes the answer that refuses.</param>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with when to come again.</exception>
    public async Task<TResponse> WriteAsync<TResponse>(
        string method,
        ServerCallContext context,
        string token,
        Func<Task<TResponse>> call,
        Func<ReasonCode, string, TResponse> refuse)
    {
        using var pass = Enter(context, token);
        return await RunAsync(method, call, refuse);
    }

    /// <summary>Runs one of the items of a call that writes: what there is no room for is refused by itself.</summary>
    public Task<TResponse> WriteItemAsync<TResponse>(
        string method,
        ServerCallContext context,
        string token,
        Func<Task<TResponse>> call,
        Func<ReasonCode, string, TResponse> refuse) => WriteItemAsync(method, PeerOf(context), token, call, refuse);

    /// <summary>Runs what writes for a caller who gets no status of gRPC: what there is no room for is refused as anything else is.</summary>
    /// <param name="method">The name of the call.</param>
    /// <param name="peer">Who calls.</param>
    /// <param name="token">The token's text; empty for none.</param>
    /// <param name="call">What it does.</param>
    /// <param name="refuse">Makes the answer that refuses.</param>
    public async Task<TResponse> WriteItemAsync<TResponse>(
        string method,
        CallPeer peer,
        string token,
        Func<Task<TResponse>> call,
        Func<ReasonCode, string, TResponse> refuse)
    {
        if (!_gate.TryEnter(peer, token, out var pass, out var refusal))
        {
            return refuse(ReasonCode.Overloaded, refusal.Message);
        }

        using (pass)
        {
            return await RunItemAsync(method, call, refuse);
        }
    }

    /// <summary>Runs a revocation for a caller who gets no status of gRPC.</summary>
    public async Task<TResponse> RevokeItemAsync<TResponse>(string method, CallPeer peer, Func<Task<TResponse>> call, Func<ReasonCode, string, TResponse> refuse)
    {
        if (!_gate.TryEnterRevocation(peer, out var pass, out var refusal))
        {
            return refuse(ReasonCode.Overloaded, refusal.Message);
        }

        using (pass)
        {
            return await RunItemAsync(method, call, refuse);
        }
    }

    /// <summary>Runs what only reads, for a caller who gets no status of gRPC.</summary>
    public async Task<TResponse> RunItemAsync<TResponse>(string method, Func<Task<TResponse>> call, Func<ReasonCode, string, TResponse> refuse)
    {
        try
        {
            return await RunAsync(method, call, refuse);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
        {
            return refuse(ReasonCode.Overloaded, exception.Status.Detail);
        }
    }

    /// <summary>Runs a revocation, for which there are places that nothing else takes.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED, with when to come again.</exception>
    public async Task<TResponse> RevokeAsync<TResponse>(
        string method,
        ServerCallContext context,
        Func<Task<TResponse>> call,
        Func<ReasonCode, string, TResponse> refuse)
    {
        using var pass = _gate.TryEnterRevocation(PeerOf(context), out var entered, out var refusal) ? entered : throw refusal.ToException();
        return await RunAsync(method, call, refuse);
    }

    /// <summary>Runs a call that only reads.</summary>
    /// <param name="method">The name of the call.</param>
    /// <param name="call">What it does.</param>
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
            throw _gate.RefuseForLedger().ToException();
        }
        catch (LedgerException exception)
        {
            _ledgerFailures.Tell(method, exception.Fault.ToString());
            return refuse(ReasonCode.LedgerUnavailable, "the record could not be made durable");
        }
        catch (Exception exception) when (exception is not (RpcException or OperationCanceledException or OutOfMemoryException))
        {
            _failures.Add();
            Log.CallFailed(_logger, method, exception);
            return refuse(ReasonCode.InternalError, "the call could not be finished");
        }
    }

    private static CallPeer PeerOf(ServerCallContext context) => PeerNaming.PeerOf(context.GetHttpContext());
}
