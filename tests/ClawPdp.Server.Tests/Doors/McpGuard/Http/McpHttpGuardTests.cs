using System.Net;
using System.Text.Json;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>What passes the guard over HTTP, in both forms of an answer, and what comes of what does not.</summary>
public sealed class McpHttpGuardTests : IClassFixture<RunningSidecar>, IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","arguments":{"title":"x"}}}""";
    private const string Result = """{"jsonrpc":"2.0","id":1,"result":{"content":[{"n":1.50}]}}""";
    private const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private readonly RunningSidecar _sidecar;
    private GuardedServer? _server;

    public McpHttpGuardTests(RunningSidecar sidecar) => _sidecar = sidecar;

    private GuardedServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _server = await GuardedServer.StartAsync(_sidecar);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Post_AnAllowedCall_GoesOnByteForByteAndIsSigned()
    {
        Answer(Result);

        var answer = await Server.PostAsync(Call);

        Assert.Equal((HttpStatusCode.OK, Result), answer);
        var request = Assert.Single(Server.Upstream.Requests);
        Assert.Equal(("POST", "/mcp", Call, "application/json", "identity"), (request.Method, request.Target, request.Body, request.Headers["Content-Type"], request.Headers["Accept-Encoding"]));
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Post_ADeniedCall_IsAnErrorAndGoesNowhere()
    {
        var (status, body) = await Server.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"../shell"}}""");

        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal((HttpStatusCode.OK, 7, McpAnswers.Denied), (status, error.GetProperty("id").GetInt32(), error.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.NotEmpty(error.GetProperty("error").GetProperty("data").GetProperty("reason").GetString() ?? "");
        Assert.Empty(Server.Upstream.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_AList_HoldsOnlyWhatIsAllowed(bool isStream)
    {
        const string Tools = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"search"},{"name":"../x"},{"title":"none"}],"nextCursor":"c"}}""";
        Server.Upstream.Answer = (context, _) => isStream ? ScriptedUpstream.EventsAsync(context, $"id: 1\r\ndata: {Tools}\r\n\r\n") : ScriptedUpstream.JsonAsync(context, Tools);

        var (_, body) = await Server.PostAsync(List);

        Assert.Equal(isStream, body.StartsWith("id: 1\ndata: ", StringComparison.Ordinal));
        var result = JsonDocument.Parse(isStream ? body[12..] : body).RootElement.GetProperty("result");
        Assert.Equal(("search", "c"), (Assert.Single(result.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString(), result.GetProperty("nextCursor").GetString()));
    }

    [Fact]
    public async Task Post_AStream_PassesMessagesAndTheSignedResult()
    {
        const string Progress = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}""";
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, $": hello\n\ndata: {Progress}\n\nevent: endpoint\ndata: /x\n\ndata: no json\n\ndata: {Result}\n\ndata: {{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{}}}}\n\n");

        var (status, body) = await Server.PostAsync(Call);

        Assert.Equal((HttpStatusCode.OK, $":\n\ndata: {Progress}\n\ndata: {Result}\n\n"), (status, body));
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Post_AnAnswerToSomethingElse_IsLeftOutAndTheCallIsSigned()
    {
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, "data: {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n\n");

        var (_, body) = await Server.PostAsync(Call);

        var error = JsonDocument.Parse(body["data: ".Length..]).RootElement;
        Assert.Equal((1, McpAnswers.InternalError), (error.GetProperty("id").GetInt32(), error.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":{}}""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":{}}""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{},"result":{}}""", "application/json")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":{}}]""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","method":"ping","id":1}""", "application/json")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "application/json; charset=utf-16")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "text/plain")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", "text/html")]
    [InlineData("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", "application/json")]
    [InlineData("", "application/json")]
    public async Task Post_AnAnswerThatIsNone_IsAnErrorAndTheCallIsSigned(string json, string type)
    {
        Server.Upstream.Answer = (context, _) => ScriptedUpstream.JsonAsync(context, json, type);

        await AssertNoAnswerAsync(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(204, HttpStatusCode.OK)]
    [InlineData(202, HttpStatusCode.OK)]
    [InlineData(307, HttpStatusCode.OK)]
    [InlineData(500, HttpStatusCode.OK)]
    [InlineData(503, HttpStatusCode.OK)]
    [InlineData(400, HttpStatusCode.BadRequest)]
    [InlineData(401, HttpStatusCode.Unauthorized)]
    [InlineData(404, HttpStatusCode.NotFound)]
    [InlineData(405, HttpStatusCode.MethodNotAllowed)]
    public async Task Post_AnotherStatus_IsAnErrorAndTheCallIsSigned(int status, HttpStatusCode expected)
    {
        Server.Upstream.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
            return status == 204 ? Task.CompletedTask : ScriptedUpstream.JsonAsync(context, "secret");
        };

        await AssertNoAnswerAsync(expected);
    }

    [Theory]
    [InlineData("Content-Encoding", "gzip")]
    [InlineData("Content-Encoding", "identity")]
    public async Task Post_ACompressedAnswer_IsAnError(string header, string value)
    {
        Server.Upstream.Answer = (context, _) =>
        {
            context.Response.Headers[header] = value;
            return ScriptedUpstream.JsonAsync(context, Result);
        };

        await AssertNoAnswerAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_AnAnswerThatBreaks_IsAnErrorAndTheCallIsSigned()
    {
        Server.Upstream.Answer = static async (context, _) =>
        {
            context.Response.ContentLength = 1000;
            await ScriptedUpstream.JsonAsync(context, "{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        await AssertNoAnswerAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Post_NoServer_SaysThatNothingWasDone()
    {
        await using var server = await GuardedServer.StartAsync(_sidecar, server: new Uri("http://127.0.0.1:1/mcp"));

        var (status, body) = await server.PostAsync(Call);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("nothing was done", body, StringComparison.Ordinal);
        Assert.Equal(0u, await server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Post_NoSidecar_IsADenial()
    {
        await using var server = await GuardedServer.StartAsync(_sidecar, sidecarAddress: "127.0.0.1:1");

        var (_, body) = await server.PostAsync(Call);

        Assert.Contains($"{McpAnswers.Denied}", body, StringComparison.Ordinal);
        Assert.Empty(server.Upstream.Requests);
    }

    [Fact]
    public async Task Post_NoSidecarForTheFilter_KeepsTheListBack()
    {
        await using var server = await GuardedServer.StartAsync(_sidecar, sidecarAddress: "127.0.0.1:1");
        server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"search"}]}}""");

        var (_, body) = await server.PostAsync(List);

        Assert.Contains($"{McpAnswers.Denied}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("search", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_TheReceiptIsRefused_KeepsTheResultBack()
    {
        Server.Upstream.Answer = async (context, _) =>
        {
            await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = Server.Token });
            await ScriptedUpstream.JsonAsync(context, """{"jsonrpc":"2.0","id":1,"result":{"content":"secret"}}""");
        };

        var (_, body) = await Server.PostAsync(Call);

        Assert.Contains($"{McpAnswers.NotSigned}", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}""")]
    public async Task Post_WhatAsksForNothing_Is202(string message)
    {
        Answer("anything");

        Assert.Equal((HttpStatusCode.Accepted, ""), await Server.PostAsync(message));
        Assert.Equal(message, Assert.Single(Server.Upstream.Requests).Body);
    }

    [Fact]
    public async Task Post_ACallWithoutAnId_GoesNowhere()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Server.PostAsync("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"create_issue"}}""")).Status);
        Assert.Empty(Server.Upstream.Requests);
    }

    private void Answer(string json) => Server.Upstream.Answer = (context, _) => ScriptedUpstream.JsonAsync(context, json);

    private async Task AssertNoAnswerAsync(HttpStatusCode expected)
    {
        var (status, body) = await Server.PostAsync(Call);

        var error = JsonDocument.Parse(body).RootElement;
        Assert.Equal((expected, 1, McpAnswers.InternalError), (status, error.GetProperty("id").GetInt32(), error.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Single(Server.Upstream.Requests);
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }
}
