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
    /// <param name="asker">Who asks.</param>
    public ValueTask<AuthorizeResponse> AnswerAsync(AuthorizeRequest? request, Asker asker)
    {
        var fault = request is null ? new RequestFault("request", "required") : AuthorizeRequestCheck.Check(request);
        return request is not null && fault is null
            ? AnswerAsync(IsDurable(request), request.Cst, request.RequestId, asker, desk => desk.DecideAsync(WireDecisions.Read(request).By(asker)))
            : RefuseAsync(request?.RequestId ?? "", fault?.ToString() ?? "", asker);
    }

    /// <summary>Denies what a door could not make a question of, and records that. It takes the same room as any answer.</summary>
    /// <param name="requestId">The caller's id for it; empty for none.</param>
    /// <param name="message">What is wrong with it, by the name of the field.</param>
    /// <param name="asker">Who asks.</param>
    public ValueTask<AuthorizeResponse> RefuseAsync(string requestId, string message, Asker asker) =>
        AnswerAsync(_desk.IsDurable, "", requestId, asker, desk => desk.RefuseAsync(message, asker));

    /// <summary>Tells whether the answer waits for the disk.</summary>
    public bool IsDurable(AuthorizeRequest request) => _desk.IsDurable || request.Approvals.Count > 0;

    private async ValueTask<AuthorizeResponse> AnswerAsync(bool needsRoom, string token, string requestId, Asker asker, Func<DecisionDesk, ValueTask<RecordedDecision>> decide)
    {
        CallPass? pass = null;
        if (needsRoom && !_gate.TryEnter(asker.Peer, token, out pass, out var refusal))
        {
            return WireDecisions.Write(_desk.RefuseUnrecorded(ReasonCode.Overloaded, refusal.Message, asker), requestId);
        }

        using (pass)
        {
            return await GuardAsync(decide, requestId, asker);
        }
    }

    private async ValueTask<AuthorizeResponse> GuardAsync(Func<DecisionDesk, ValueTask<RecordedDecision>> decide, string requestId, Asker asker)
    {
        try
        {
            return WireDecisions.Write(await decide(_desk), requestId);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _failures.Add();
            Log.CallFailed(_logger, nameof(AnswerAsync), exception);
            return WireDecisions.Write(_desk.RefuseUnrecorded(ReasonCode.InternalError, "the question could not be answered", asker), requestId);
        }
    }
}
