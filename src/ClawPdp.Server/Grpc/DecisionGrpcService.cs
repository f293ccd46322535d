using ClawPdp.Server.Decisions;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Grpc;

/// <summary>The gRPC door to decisions. It translates and decides nothing.</summary>
internal sealed class DecisionGrpcService : DecisionService.DecisionServiceBase
{
    private readonly DecisionDesk _desk;

    public DecisionGrpcService(DecisionDesk desk) => _desk = desk;

    /// <inheritdoc/>
    public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(AuthorizeRequestCheck.Check(request));
        return Task.FromResult(Answer(request));
    }

    /// <inheritdoc/>
    public override Task<AuthorizeBatchResponse> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
    {
        RequestFaults.ThrowIfAny(new RequestCheck().Count("requests", request.Requests.Count, 1, RequestLimits.BatchCountMax).Fault);
        var response = new AuthorizeBatchResponse();
        response.Responses.AddRange(request.Requests.Select(AnswerOrRefuse));
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task AuthorizeStream(
        IAsyncStreamReader<AuthorizeStreamRequest> requestStream,
        IServerStreamWriter<AuthorizeStreamResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var response = AnswerOrRefuse(requestStream.Current.Request);
            await responseStream.WriteAsync(new AuthorizeStreamResponse { Response = response }, context.CancellationToken);
        }
    }

    private AuthorizeResponse AnswerOrRefuse(AuthorizeRequest? request)
    {
        if (request is null)
        {
            return WireDecisions.Write(_desk.Refuse(new RequestFault("request", "required").ToString()), "");
        }

        var fault = AuthorizeRequestCheck.Check(request);
        return fault is null ? Answer(request) : WireDecisions.Write(_desk.Refuse(fault.ToString()), request.RequestId);
    }

    private AuthorizeResponse Answer(AuthorizeRequest request) =>
        WireDecisions.Write(_desk.Decide(WireDecisions.Read(request)), request.RequestId);
}
