using ClawPdp.Protocols.Envoy;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The ways to ask by gRPC, each by a connection of its own; but for the stream that was open before.</summary>
internal static class GrpcDoors
{
    private const string Host = "api.github.com";

    /// <summary>Gets the columns.</summary>
    public static IReadOnlyList<MatrixDoor> All { get; } =
    [
        new("gRPC", MatrixDoor.OfDecisions, AuthorizeAsync),
        new("gRPC batch", MatrixDoor.OfDecisions, BatchAsync),
        new("gRPC stream", MatrixDoor.OfDecisions, StreamAsync),
        new("gRPC stream, open before", MatrixDoor.OfDecisions, static place => place.Stream?.AskAsync(place.Token) ?? throw new InvalidOperationException("no stream")),
        new("Envoy", MatrixDoor.OfDecisions, EnvoyAsync),
        new("agentgateway", MatrixDoor.OfDecisions, ExtMcpAsync),
    ];

    private static DateTime Deadline => DateTime.UtcNow + MatrixDoor.Patience;

    private static async Task<string> AuthorizeAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        return await MatrixWords.CallAsync(async () => MatrixWords.Of(await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(QuestionOf(place), deadline: Deadline)));
    }

    private static async Task<string> BatchAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        var request = new AuthorizeBatchRequest { Requests = { QuestionOf(place) } };
        return await MatrixWords.CallAsync(async () => MatrixWords.Of((await new DecisionService.DecisionServiceClient(channel).AuthorizeBatchAsync(request, deadline: Deadline)).Responses.SingleOrDefault()));
    }

    private static async Task<string> StreamAsync(MatrixPlace place)
    {
        await using var stream = new OpenStream(place.Grpc);
        return await stream.AskAsync(place.Token);
    }

    private static async Task<string> EnvoyAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = "/", Host = Host, Headers = { ["x-cst"] = place.Token, ["x-claw-tool"] = MatrixDoor.Tool } };
        var request = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } } };
        return await MatrixWords.CallAsync(async () =>
        {
            var answer = await new Authorization.AuthorizationClient(channel).CheckAsync(request, deadline: Deadline);
            return answer.Status?.Code == 0 ? MatrixDoor.Allowed : answer.DeniedResponse?.Headers.FirstOrDefault(static option => option.Header.Key == "x-claw-reason")?.Header.Value ?? "denied";
        });
    }

    private static async Task<string> ExtMcpAsync(MatrixPlace place)
    {
        using var channel = GrpcChannel.ForAddress("http://" + place.Grpc);
        var request = new McpRequest { Method = "tools/call", McpRequest_ = ByteString.CopyFromUtf8("""{"name":"read","arguments":{}}"""), ServiceNames = { "files" } };
        request.Headers.Add(new McpHeader { Key = "authorization", Value = ByteString.CopyFromUtf8("Bearer " + place.Token) });
        return await MatrixWords.CallAsync(async () =>
        {
            var answer = await new ExtMcp.ExtMcpClient(channel).CheckRequestAsync(request, deadline: Deadline);
            return answer.ResultCase == McpRequestResult.ResultOneofCase.Pass ? MatrixDoor.Allowed : answer.Error?.Reason.Split(':')[0] ?? "denied";
        });
    }

    private static AuthorizeRequest QuestionOf(MatrixPlace place) => new() { Cst = place.Token, Tool = MatrixDoor.Tool };
}
