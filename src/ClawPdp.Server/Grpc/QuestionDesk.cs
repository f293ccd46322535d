using ClawPdp.Server.Decisions;
using ClawPdp.Server.Health;
using ClawPdp.Server.Overload;
using ClawPdp.V1;
using ReasonCode = ClawPdp.Core.Decisions.ReasonCode;

namespace ClawPdp.Server.Grpc;

/// <summary>
/// Answers questions in the words of the wire contract, each by itself, for every door whose answers stand in a row or carry no status of gRPC:
/// what is malformed, over a limit or without room is denied, with a reason, and touches no other question.
/// </summary>
internal sealed class QuestionDesk
{
    private readonly DecisionDesk _desk;
    private readonly CallGate _gate;
    private readonly FailureCounter _failures;
    private readonly ILogger<QuestionDesk> _logger;

    public QuestionDesk(DecisionDesk desk, CallGate gate, FailureCounter failures, ILogger<QuestionDesk> logger)
    {
        _desk = desk;
        _gate = gate;
        _failures = failures;
        _logger = logger;
    }

    /// <summary>Answers a question; every failure is a denial.</summary>
    /// <param name="request">The question; <see langword="null"/> for none, which is denied.</param>
    /// <param name="peer">Who asks.</param>
    public ValueTask<AuthorizeResponse> AnswerAsync(AuthorizeRequest? request, CallPeer peer)
    {
        var fault = request is null ? new RequestFault("request", "required") : AuthorizeRequestCheck.Check(request);
        return request is not null && fault is null
            ? AnswerAsync(IsDurable(request), request.Cst, request.RequestId, peer, desk => desk.DecideAsync(WireDecisions.Read(request)))
            : RefuseAsync(request?.RequestId ?? "", fault?.ToString() ?? "", peer);
    }

    /// <summary>Denies what a door could not make a question of, and records that. It takes the same room as any answer.</summary>
    /// <param name="requestId">The caller's id for it; empty for none.</param>
    /// <param name="message">What is wrong with it, by the name of the field.</param>
    /// <param name="peer">Who asks.</param>
    public ValueTask<AuthorizeResponse> RefuseAsync(string requestId, string message, CallPeer peer) =>
        AnswerAsync(_desk.IsDurable, "", requestId, peer, desk => desk.RefuseAsync(message));

    /// <summary>Tells whether the answer waits for the disk.</summary>
    public bool IsDurable(AuthorizeRequest request) => _desk.IsDurable || request.Approvals.Count > 0;

    private async ValueTask<AuthorizeResponse> AnswerAsync(bool needsRoom, string token, string requestId, CallPeer peer, Func<DecisionDesk, ValueTask<RecordedDecision>> decide)
    {
        CallPass? pass = null;
        if (needsRoom && !_gate.TryEnter(peer, token, out pass, out var refusal))
        {
            return WireDecisions.Write(_desk.RefuseUnrecorded(ReasonCode.Overloaded, refusal.Message), requestId);
        }

        using (pass)
        {
            return await GuardAsync(decide, requestId);
        }
    }

    private async ValueTask<AuthorizeResponse> GuardAsync(Func<DecisionDesk, ValueTask<RecordedDecision>> decide, string requestId)
    {
        try
        {
            return WireDecisions.Write(await decide(_desk), requestId);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failures.Add();
            Log.CallFailed(_logger, nameof(AnswerAsync), exception);
            return WireDecisions.Write(_desk.RefuseUnrecorded(ReasonCode.InternalError, "the question could not be answered"), requestId);
        }
    }
}
