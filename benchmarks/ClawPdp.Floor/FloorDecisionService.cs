using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Floor;

/// <summary>Allows everything at once: what the pipeline costs when the handler does nothing.</summary>
public sealed class FloorDecisionService : DecisionService.DecisionServiceBase
{
    private readonly FixedAnswers _answers;

    public FloorDecisionService(FixedAnswers answers)
    {
        _answers = answers;
    }

    /// <inheritdoc/>
    public override Task<AuthorizeResponse> Authorize(AuthorizeRequest request, ServerCallContext context) => Task.FromResult(_answers.For(request));

    /// <inheritdoc/>
    public override Task<AuthorizeBatchResponse> AuthorizeBatch(AuthorizeBatchRequest request, ServerCallContext context)
    {
        var response = new AuthorizeBatchResponse();
        response.Responses.AddRange(request.Requests.Select(_answers.For));
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
            await responseStream.WriteAsync(new AuthorizeStreamResponse { Response = _answers.For(requestStream.Current.Request) }, context.CancellationToken);
        }
    }
}
