using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.EndToEnd.Tests.Matrix;

/// <summary>The ways to ask by HTTP.</summary>
internal static class HttpDoors
{
    private const string Authorize = "/clawpdp.v1.DecisionService/Authorize";
    private const int FrameHeadBytes = 5;

    /// <summary>Gets the columns.</summary>
    public static IReadOnlyList<MatrixDoor> All { get; } =
    [
        new("gRPC-Web", MatrixDoor.OfDecisions, GrpcWebAsync),
        new("Connect", MatrixDoor.OfDecisions, ConnectAsync),
        new("AuthZEN", MatrixDoor.OfDecisions, AuthZenAsync),
        new("forward-auth", MatrixDoor.OfDecisions, ForwardAuthAsync),
    ];

    // A frame of gRPC: no compression, and the length.
    private static async Task<string> GrpcWebAsync(MatrixPlace place)
    {
        var message = new AuthorizeRequest { Cst = place.Token, Tool = MatrixDoor.Tool }.ToByteArray();
        var body = new byte[FrameHeadBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.Length);
        message.CopyTo(body.AsSpan(FrameHeadBytes));
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        return await MatrixWords.RequestAsync(() => client.PostAsync(new Uri($"http://{place.Http}{Authorize}"), content), static (response, bytes) =>
            response.IsSuccessStatusCode && bytes.Length > FrameHeadBytes && bytes[0] == 0
                ? MatrixWords.Of(AuthorizeResponse.Parser.ParseFrom(bytes, FrameHeadBytes, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1))))
                : "denied");
    }

    private static async Task<string> ConnectAsync(MatrixPlace place)
    {
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        using var content = new StringContent($$"""{"cst":"{{place.Token}}","tool":"{{MatrixDoor.Tool}}"}""");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await MatrixWords.RequestAsync(() => client.PostAsync(new Uri($"http://{place.Http}{Authorize}"), content), static (response, bytes) =>
            response.IsSuccessStatusCode && MatrixWords.Member(bytes, "effect") == "EFFECT_ALLOW" ? MatrixDoor.Allowed : MatrixWords.Bare(MatrixWords.Member(bytes, "reasonCode")));
    }

    private static async Task<string> AuthZenAsync(MatrixPlace place)
    {
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        client.DefaultRequestHeaders.TryAddWithoutValidation("authorization", "Bearer " + place.Token);
        using var content = new StringContent($$$"""{"subject":{"type":"agent","id":"{{{PublishedSidecar.AgentDid}}}"},"resource":{"type":"tool","id":"{{{MatrixDoor.Tool}}}"},"action":{"name":"call"}}""", Encoding.UTF8, "application/json");
        return await MatrixWords.RequestAsync(() => client.PostAsync(new Uri($"http://{place.Http}/access/v1/evaluation"), content), static (response, bytes) =>
            response.IsSuccessStatusCode && MatrixWords.Member(bytes, "decision") == bool.TrueString ? MatrixDoor.Allowed : MatrixWords.ReasonIn(Encoding.UTF8.GetString(bytes)));
    }

    private static async Task<string> ForwardAuthAsync(MatrixPlace place)
    {
        using var client = new HttpClient { Timeout = MatrixDoor.Patience };
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-cst", place.Token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-claw-tool", MatrixDoor.Tool);
        client.DefaultRequestHeaders.TryAddWithoutValidation("x-forwarded-host", "api.github.com");
        return await MatrixWords.RequestAsync(() => client.GetAsync(new Uri($"http://{place.Http}/v1/forward-auth")), static (response, bytes) =>
            response.IsSuccessStatusCode ? MatrixDoor.Allowed : MatrixWords.ReasonIn(Encoding.UTF8.GetString(bytes)));
    }
}
