using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Overload;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to decisions. It translates and decides nothing.</summary>
internal sealed class DecisionGrpcService : DecisionService.DecisionServiceBase
{
    private readonly DecisionDesk _desk;
    private readonly QuestionDesk _questions;
    private readonly ExplanationDesk _explanations;
    private readonly EpochWatch _watch;
    private readonly CallGuard _guard;
    private readonly CancellationToken _stopping;

    public DecisionGrpcService(
        DecisionDesk desk,
        QuestionDesk questions,
        ExplanationDesk explanations,
        EpochWatch watch,
        CallGuard guard,
        IHostApplicationLifetime lifetime)
    {
        _questions = questions;
        _guard = guard;
        _stopping = lifetime.ApplicationStopping;
        _desk = desk;
        _explanations = explanations;
        _watch = watch;
    }

    /// <inheritdoc/>
    public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(AuthorizeRequestCheck.Check(request));
        if (_questions.IsDurable(request))
        {
            return AnswerDurablyAsync(request, context);
        }

        var answer = AnswerAsync(request, context);
        return answer.IsCompletedSuccessfully ? Task.FromResult(answer.Result) : answer.AsTask();
    }

    /// <inheritdoc/>
    public override async Task<AuthorizeBatchResponse> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck().Count("requests", request.Requests.Count, 1, RequestLimits.BatchCountMax).Fault);
        var response = new AuthorizeBatchResponse();
        var asker = Asker.Of(context.GetHttpContext(), DecisionDoor.Batch);
        // All are asked before any is waited for, so that one flush of the disk serves them all.
        response.Responses.AddRange(await Task.WhenAll(request.Requests.Select(item => _questions.AnswerAsync(item, asker).AsTask())));
        return response;
    }

    /// <inheritdoc/>
    public override async Task AuthorizeStream(
        IAsyncStreamReader<AuthorizeStreamRequest> requestStream,
        IServerStreamWriter<AuthorizeStreamResponse> responseStream,
        ServerCallContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, _stopping);
        var answers = new AnswerStream(responseStream, context.CancellationToken);
        var asker = Asker.Of(context.GetHttpContext(), DecisionDoor.Stream);
        try
        {
            for (var next = requestStream.MoveNext(ended.Token); await NextAsync(next, answers); next = requestStream.MoveNext(ended.Token))
            {
                answers.Add(_questions.AnswerAsync(requestStream.Current.Request, asker));
            }

            await answers.WriteAllAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw OpenCalls.Stopping();
        }
    }

    /// <inheritdoc/>
    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(request.Request is null ? new RequestFault("request", "required") : AuthorizeRequestCheck.Check(request.Request));
        var question = request.Request ?? new AuthorizeRequest();
        var trace = new DecisionTrace();
        var recorded = _explanations.Explain(WireDecisions.Read(question).By(Asker.Of(context.GetHttpContext(), DecisionDoor.Authorize)).Question, trace);
        return Task.FromResult(WireExplanations.Write(recorded, trace, question.RequestId));
    }

    /// <inheritdoc/>
    public override Task<ListAllowedResponse> ListAllowed(ListAllowedRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(ListAllowedRequestCheck.Check(request));
        return Task.FromResult(WireListings.Write(_explanations.List(WireListings.Read(request) with { Token = CallEvidence.Present(request.Cst, context) })));
    }

    /// <inheritdoc/>
    public override Task WatchEpoch(WatchEpochRequest request, IServerStreamWriter<WatchEpochResponse> responseStream, ServerCallContext context) =>
        _watch.RunAsync(responseStream, context.CancellationToken);

    private static async Task<bool> NextAsync(Task<bool> next, AnswerStream answers)
    {
        await answers.WriteUntilAsync(next);
        return await next;
    }

    private async Task<AuthorizeResponse> AnswerDurablyAsync(AuthorizeRequest request, ServerCallContext context)
    {
        using var pass = _guard.Enter(context, request.Cst);
        return await AnswerAsync(request, context);
    }

    private ValueTask<AuthorizeResponse> AnswerAsync(AuthorizeRequest request, ServerCallContext context) =>
        WriteAsync(_desk.DecideAsync(WireDecisions.Read(request).By(Asker.Of(context.GetHttpContext(), DecisionDoor.Authorize))), request.RequestId);

    private static async ValueTask<AuthorizeResponse> WriteAsync(ValueTask<RecordedDecision> decision, string requestId) =>
        WireDecisions.Write(await decision, requestId);
}
