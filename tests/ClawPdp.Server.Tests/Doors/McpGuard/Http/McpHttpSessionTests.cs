using System.Net;
using System.Text.Json;
using ClawPdp.Server.Doors.McpGuard.Http;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>Sessions of the server, streams that a client comes back to, and what is signed when nothing comes any more.</summary>
public sealed class McpHttpSessionTests : IClassFixture<RunningSidecar>, IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","arguments":{}}}""";
    private const string Result = """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""";

    private readonly RunningSidecar _sidecar;
    private GuardedServer? _server;

    public McpHttpSessionTests(RunningSidecar sidecar) => _sidecar = sidecar;

    private GuardedServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync() => _server = await GuardedServer.StartAsync(_sidecar);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Session_Opened_IsCarriedOnAndEnded()
    {
        await Server.OpenAsync("s-1");
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, Result);

        var called = await Server.PostAsync(Call, "s-1");
        using var ended = await Server.SendAsync(HttpMethod.Delete, session: "s-1");
        var after = await Server.PostAsync(Call, "s-1");

        Assert.Equal((HttpStatusCode.OK, Result), called);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
        Assert.Equal(["POST s-1", "DELETE s-1"], Server.Upstream.Requests.Select(static request => $"{request.Method} {request.Headers["Mcp-Session-Id"]}"));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("\u00e4")]
    public async Task Session_WithAnIdOfNoForm_IsNotOpened(string id)
    {
        Server.Upstream.Answer = (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = id;
            return ScriptedUpstream.JsonAsync(context, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        };

        using var answer = await Server.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""");

        Assert.False(answer.Headers.Contains("Mcp-Session-Id"));
    }

    [Fact]
    public async Task Session_NotOpenedByTheHandshake_IsNone()
    {
        Server.Upstream.Answer = static (context, _) =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "s-2";
            return ScriptedUpstream.JsonAsync(context, Result);
        };

        using var answer = await Server.SendAsync(HttpMethod.Post, Call);

        Assert.False(answer.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(HttpStatusCode.NotFound, (await Server.PostAsync(Call, "s-2")).Status);
    }

    [Fact]
    public async Task Session_OverAtTheServer_IsOverHere()
    {
        await Server.OpenAsync("s-3");
        Server.Upstream.Answer = static (context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.NotFound, (await Server.PostAsync(Call, "s-3")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.PostAsync(Call, "s-3")).Status);
        Assert.Single(Server.Upstream.Requests);
    }

    [Fact]
    public async Task Session_AnIdOfARequestTwice_IsRefused()
    {
        await Server.OpenAsync("s-4");
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, Result);

        await Server.PostAsync(Call, "s-4");
        var (_, body) = await Server.PostAsync(Call, "s-4");

        Assert.Contains("the id is in use", body, StringComparison.Ordinal);
        Assert.Single(Server.Upstream.Requests);
    }

    [Fact]
    public async Task Sessions_OneMoreThanThereMayBe_EndsTheOldest()
    {
        for (var index = 0; index <= SessionTable.CountMax; index++)
        {
            await Server.OpenAsync($"n-{index}");
        }

        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, Result);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.PostAsync(Call, "n-0")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.PostAsync(Call, "n-1")).Status);
    }

    [Fact]
    public async Task Stream_ThatIsResumed_GivesTheSignedResult()
    {
        await Server.OpenAsync("s-5");
        Server.Upstream.Answer = static (context, request) => request.Method == "POST"
            ? ScriptedUpstream.EventsAsync(context, "id: 1\nretry: 10\ndata:\n\n")
            : ScriptedUpstream.EventsAsync(context, $"id: 2\ndata: {Result}\n\n");

        var (_, first) = await Server.PostAsync(Call, "s-5");
        var before = await Server.CountReceiptsAsync();
        var second = await ListenAsync("s-5", "1");

        Assert.Equal(("id: 1\nretry: 10\ndata: \n\n", 0u), (first, before));
        Assert.Equal($"id: 2\ndata: {Result}\n\n", second);
        Assert.Equal("1", Server.Upstream.Requests.Last().Headers["Last-Event-ID"]);
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Stream_PlayedBack_GivesTheSameAnswerAndNoOtherOne()
    {
        const string Other = """{"jsonrpc":"2.0","id":1,"result":{"content":["other"]}}""";
        await Server.OpenAsync("s-6");
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, $"id: 1\ndata: {Result}\n\n");
        await Server.PostAsync(Call, "s-6");

        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, $"id: 1\ndata: {Result}\n\nid: 2\ndata: {Other}\n\n");

        Assert.Equal($"id: 1\ndata: {Result}\n\n", await ListenAsync("s-6", "0"));
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Stream_PlayedBackList_IsFilteredAgain()
    {
        const string Tools = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"search"},{"name":"../x"}]}}""";
        await Server.OpenAsync("s-7");
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, $"id: 1\ndata: {Tools}\n\n");

        await Server.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", "s-7");
        var again = await ListenAsync("s-7", "0");

        Assert.Contains("search", again, StringComparison.Ordinal);
        Assert.DoesNotContain("../x", again, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s-8")]
    public async Task Stream_AnAnswerToNothing_IsLeftOut(string? session)
    {
        const string Changed = """{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""";
        if (session is not null)
        {
            await Server.OpenAsync(session);
        }

        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, $"data: {Result}\n\ndata: {Changed}\n\n");

        Assert.Equal($"data: {Changed}\n\n", await ListenAsync(session, lastEvent: null));
    }

    [Theory]
    [InlineData(405, HttpStatusCode.MethodNotAllowed)]
    [InlineData(500, HttpStatusCode.BadGateway)]
    [InlineData(200, HttpStatusCode.BadGateway)]
    public async Task Stream_ThatIsNone_IsRefused(int status, HttpStatusCode expected)
    {
        Server.Upstream.Answer = (context, _) =>
        {
            context.Response.StatusCode = status;
            return ScriptedUpstream.JsonAsync(context, Result);
        };

        using var answer = await Server.SendAsync(HttpMethod.Get);

        Assert.Equal(expected, answer.StatusCode);
        Assert.DoesNotContain("content", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileACallWaits_SignsIt()
    {
        await Server.OpenAsync("s-9");
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.EventsAsync(context, "id: 1\ndata:\n\n");
        await Server.PostAsync(Call, "s-9");
        Assert.Equal(0u, await Server.CountReceiptsAsync());

        await Server.StopAsync();

        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Cancel_ACallThatWaits_SignsIt()
    {
        await Server.OpenAsync("s-10");
        Server.Upstream.Answer = static (context, request) =>
        {
            context.Response.StatusCode = request.Body.Contains("cancelled", StringComparison.Ordinal) ? 202 : 200;
            return request.Body.Contains("cancelled", StringComparison.Ordinal) ? Task.CompletedTask : ScriptedUpstream.EventsAsync(context, "id: 1\ndata:\n\n");
        };
        await Server.PostAsync(Call, "s-10");

        var cancelled = await Server.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", "s-10");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.Status);
        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Client_ThatGoes_LeavesItsCallSigned()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Upstream.Answer = async (context, _) =>
        {
            context.RequestAborted.Register(gone.SetResult);
            arrived.SetResult();
            await gone.Task;
        };
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Server.Address.Port, TestContext.Current.CancellationToken);
        var request = $"POST /mcp HTTP/1.1\r\nHost: {Server.Address.Authority}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {Call.Length}\r\n\r\n{Call}";
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        await arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

        client.Close();
        await gone.Task.WaitAsync(TestContext.Current.CancellationToken);
        await Server.StopAsync();

        Assert.Equal(1u, await Server.CountReceiptsAsync());
    }

    [Fact]
    public async Task Error_OfAHandshake_IsTold()
    {
        const string Error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no"}}""";
        Server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, Error);

        var (_, body) = await Server.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""");

        Assert.Equal(-32602, JsonDocument.Parse(body).RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    private async Task<string> ListenAsync(string? session, string? lastEvent)
    {
        using var answer = await Server.SendAsync(HttpMethod.Get, session: session, lastEvent: lastEvent);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
