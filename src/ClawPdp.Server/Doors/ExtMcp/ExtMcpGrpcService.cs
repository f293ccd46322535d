using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Doors.Http;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Health;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Doors.ExtMcp;

/// <summary>Answers the gateway. A failure of ours is a denial like any other: as an error, the gateway's own settings would decide.</summary>
internal sealed class ExtMcpGrpcService : Protocols.ExtMcp.ExtMcp.ExtMcpBase
{
    private readonly ExtMcpSettings _settings;
    private readonly QuestionDesk _desk;
    private readonly ToolLists _lists;
    private readonly FailureCounter _failures;
    private readonly ILogger<ExtMcpGrpcService> _logger;

    public ExtMcpGrpcService(ExtMcpSettings settings, QuestionDesk desk, ToolLists lists, FailureCounter failures, ILogger<ExtMcpGrpcService> logger)
    {
        _settings = settings;
        _desk = desk;
        _lists = lists;
        _failures = failures;
        _logger = logger;
    }

    /// <inheritdoc/>
    public override async Task<McpRequestResult> CheckRequest(McpRequest request, ServerCallContext context)
    {
        try
        {
            return request.Method switch
            {
                McpMethods.Call => await AskAsync(ExtMcpRequests.ReadCall(request, _settings.Rules), context),
                _ when McpMethods.IsAsked(request.Method) => await AskAsync(ExtMcpRequests.ReadMethod(request, _settings.Rules), context),
                _ => McpMethods.IsOpen(request.Method) ? ExtMcpAnswers.PassRequest() : ExtMcpAnswers.RefuseRequest(await RefuseMethodAsync(context)),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return ExtMcpAnswers.RefuseRequest(Fail(exception, context));
        }
    }

    /// <inheritdoc/>
    public override async Task<McpResponseResult> CheckResponse(McpResponse request, ServerCallContext context)
    {
        try
        {
            return request.Method switch
            {
                McpMethods.List => Filter(request),
                // It was asked about when it was a request.
                McpMethods.Call => ExtMcpAnswers.PassResponse(),
                _ => McpMethods.IsOpen(request.Method) || McpMethods.IsAsked(request.Method)
                    ? ExtMcpAnswers.PassResponse()
                    : ExtMcpAnswers.RefuseResponse(await RefuseMethodAsync(context)),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return ExtMcpAnswers.RefuseResponse(Fail(exception, context));
        }
    }

    private static McpResponseResult Refuse(AuthorizeResponse refusal) => ExtMcpAnswers.RefuseResponse(ExtMcpAnswers.ErrorOf(HttpReply.Of(refusal)));

    private static McpResponseResult RefuseInvalid(string message) =>
        Refuse(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.RequestInvalid, Message = message });

    private static Asker AskerOf(ServerCallContext context) => Asker.Of(context.GetHttpContext(), DecisionDoor.ExtMcp);

    private async Task<McpRequestResult> AskAsync(HttpReading reading, ServerCallContext context) =>
        ExtMcpAnswers.Write(HttpReply.Of(await reading.AskAsync(_desk, AskerOf(context))));

    private McpResponseResult Filter(McpResponse response)
    {
        // The token comes first: whoever has none shall not make us read and compare.
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        var reading = ExtMcpRequests.Read(response.MetadataContext, [], _settings.Rules);
        if (_lists.Ask(reading, [], allowed) is { } refusal)
        {
            return Refuse(refusal);
        }

        if (response.ServiceNames.Count > McpToolNames.ServiceCountMax)
        {
            return RefuseInvalid($"service_names: at most {McpToolNames.ServiceCountMax} are taken");
        }

        if (!ToolListResult.TryRead(response.McpResponse_.Memory, out var list))
        {
            return RefuseInvalid($"result: not a list of at most {ToolListResult.CountMax} tools");
        }

        var meanings = list.Tools.Select(static tool => tool.Key).Distinct(StringComparer.Ordinal)
            .ToDictionary(static name => name, name => McpToolNames.Meanings(response.ServiceNames, name), StringComparer.Ordinal);
        if (_lists.Ask(reading, meanings.Values.SelectMany(static names => names), allowed) is { } later)
        {
            return Refuse(later);
        }

        return list.Tools.All(tool => Stays(tool.Key)) ? ExtMcpAnswers.PassResponse() : ExtMcpAnswers.Replace(list.Write(Stays));

        bool Stays(string name) => meanings[name] is { Count: > 0 } names && names.All(allowed.Contains);
    }

    private async ValueTask<AuthorizationError> RefuseMethodAsync(ServerCallContext context) =>
        ExtMcpAnswers.DenialOf(HttpReply.Of(await _desk.RefuseAsync("", "method: not one that can be asked about here", AskerOf(context))));

    private AuthorizationError Fail(Exception exception, ServerCallContext context)
    {
        _failures.Add();
        Log.CallFailed(_logger, context.Method, exception);
        return ExtMcpAnswers.DenialOf(reply: null);
    }
}
