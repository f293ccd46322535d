using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to decisions. It translates and decides nothing.</summary>
internal sealed class DecisionGrpcService : DecisionService.DecisionServiceBase
{
    private readonly DecisionDesk _desk;
    private readonly ExplanationDesk _explanations;
    private readonly EpochWatch _watch;

    public DecisionGrpcService(DecisionDesk desk, ExplanationDesk explanations, EpochWatch watch)
    {
        _desk = desk;
        _explanations = explanations;
        _watch = watch;
    }

    /// <inheritdoc/>
    public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(AuthorizeRequestCheck.Check(request));
        var answer = AnswerAsync(request);
        return answer.IsCompletedSuccessfully ? Task.FromResult(answer.Result) : answer.AsTask();
    }

    /// <inheritdoc/>
    public override async Task<AuthorizeBatchResponse> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck().Count("requests", request.Requests.Count, 1, RequestLimits.BatchCountMax).Fault);
        var response = new AuthorizeBatchResponse();
        // All are asked before any is waited for, so that one flush of the disk serves them all.
        response.Responses.AddRange(await Task.WhenAll(request.Requests.Select(item => AnswerOrRefuseAsync(item).AsTask())));
        return response;
    }

    /// <inheritdoc/>
    public override async Task AuthorizeStream(
        IAsyncStreamReader<AuthorizeStreamRequest> requestStream,
        IServerStreamWriter<AuthorizeStreamResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var response = await AnswerOrRefuseAsync(requestStream.Current.Request);
            await responseStream.WriteAsync(new AuthorizeStreamResponse { Response = response }, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(request.Request is null ? new RequestFault("request", "required") : AuthorizeRequestCheck.Check(request.Request));
        var question = request.Request ?? new AuthorizeRequest();
        var trace = new DecisionTrace();
        var recorded = _explanations.Explain(WireDecisions.Read(question).Question, trace);
        return Task.FromResult(WireExplanations.Write(recorded, trace, question.RequestId));
    }

    /// <inheritdoc/>
    public override Task<ListAllowedResponse> ListAllowed(ListAllowedRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(ListAllowedRequestCheck.Check(request));
        return Task.FromResult(WireListings.Write(_explanations.List(WireListings.Read(request))));
    }

    /// <inheritdoc/>
    public override Task WatchEpoch(WatchEpochRequest request, IServerStreamWriter<WatchEpochResponse> responseStream, ServerCallContext context) =>
        _watch.RunAsync(responseStream, context.CancellationToken);

    private ValueTask<AuthorizeResponse> AnswerOrRefuseAsync(AuthorizeRequest? request)
    {
        var fault = request is null ? new RequestFault("request", "required") : AuthorizeRequestCheck.Check(request);
        return request is null || fault is not null
            ? WriteAsync(_desk.RefuseAsync(fault?.ToString() ?? ""), request?.RequestId ?? "")
            : AnswerAsync(request);
    }

    private ValueTask<AuthorizeResponse> AnswerAsync(AuthorizeRequest request) =>
        WriteAsync(_desk.DecideAsync(WireDecisions.Read(request)), request.RequestId);

    private static async ValueTask<AuthorizeResponse> WriteAsync(ValueTask<RecordedDecision> decision, string requestId) =>
        WireDecisions.Write(await decision, requestId);
}
