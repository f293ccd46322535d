using System.Text;

namespace ClawPdp.Server.Tests.Doors.McpGuard.Http;

/// <summary>Requests that are spelt so that somebody could read another call in them than the guard, and callers from elsewhere: nothing of them reaches the server.</summary>
public sealed class McpHttpGateTests : IClassFixture<RunningSidecar>, IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","arguments":{}}}""";
    private const string Accept = "Accept: application/json, text/event-stream\r\n";
    private const string Json = "Content-Type: application/json\r\n";

    private readonly RunningSidecar _sidecar;
    private GuardedServer? _server;

    public McpHttpGateTests(RunningSidecar sidecar) => _sidecar = sidecar;

    private GuardedServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _server = await GuardedServer.StartAsync(_sidecar);
        _server.Upstream.Answer = static (context, _) => ScriptedUpstream.JsonAsync(context, """{"jsonrpc":"2.0","id":1,"result":{}}""");
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Theory]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json; charset=UTF-8\r\n" + Accept)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: Application/JSON;charset=\"utf-8\"\r\nAccept: */*\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nMcp-Method: ping\r\nMcp-Name: other\r\nX-HTTP-Method-Override: GET\r\nCookie: a=b\r\n" + Json + Accept)]
    public async Task Request_InOrder_Passes(string head)
    {
        var (status, text) = await SendAsync(head, Call);

        Assert.True(status == 200, text);
        var headers = Assert.Single(Server.Upstream.Requests).Headers;
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.DoesNotContain(headers.Keys, static name => name is "Mcp-Method" or "Mcp-Name" or "X-HTTP-Method-Override" or "Cookie" or "Origin");
    }

    [Fact]
    public async Task Request_InPieces_GoesOnInOne()
    {
        var body = $"3\r\n{Call[..3]}\r\n{Call.Length - 3:x}\r\n{Call[3..]}\r\n0\r\n\r\n";

        var (status, text) = await RawHttp.SendAsync(Server.Address, "POST /mcp HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n" + Json + Accept + "\r\n" + body);

        Assert.True(status == 200, text);
        var request = Assert.Single(Server.Upstream.Requests);
        Assert.Equal((Call, false), (request.Body, request.Headers.ContainsKey("Transfer-Encoding")));
    }

    [Theory]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: evil.example\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: evil.example:8931\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:1\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nOrigin: https://evil.example\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nOrigin: null\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nOrigin: http://HOST\r\nOrigin: https://evil.example\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nOrigin: https://HOST\r\n" + Json + Accept, 403)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n" + Json + Accept, 400)]
    [InlineData("POST /MCP HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("POST /mcp/ HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("POST /%6dcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("POST /x/../mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("POST /mcp?x=1 HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("POST http://HOST/mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 404)]
    [InlineData("PUT /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 405)]
    [InlineData("OPTIONS /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 405)]
    [InlineData("post /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 405)]
    [InlineData("GET /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 400)]
    [InlineData("DELETE /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/plain\r\n" + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json-rpc\r\n" + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json; charset=utf-16\r\n" + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json; boundary=x\r\n" + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Json + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Encoding: gzip\r\n" + Json + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Encoding: identity\r\n" + Json + Accept, 415)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json, 406)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nAccept: application/json\r\n" + Json, 406)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nMcp-Session-Id: a\r\nMcp-Session-Id: a\r\n" + Json + Accept, 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nMcp-Session-Id: a b\r\n" + Json + Accept, 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nMCP-Protocol-Version: 2025-06-18\r\nMCP-Protocol-Version: 2025-11-25\r\n" + Json + Accept, 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n" + Json + Accept, 400)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nMcp-Session-Id: unknown\r\n" + Json + Accept, 404)]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: gzip\r\n" + Json + Accept, 400)]
    public async Task Request_OneThingOff_GoesNowhere(string head, int expected)
    {
        var (status, text) = await SendAsync(head, Call);

        Assert.True(status == expected, text);
        Assert.Empty(Server.Upstream.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[" + Call + "]")]
    [InlineData("[]")]
    [InlineData(Call + Call)]
    [InlineData(Call + "\n" + Call)]
    [InlineData("\u00EF\u00BB\u00BF" + Call)]
    [InlineData("\u00FE\u00FF" + Call)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"create_issue"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","\u006dethod":"tools/call","params":{"name":"create_issue"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call","params":{"name":"create_issue"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","x":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"create_issue"}}""")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""")]
    [InlineData("{\"jsonrpc\":\"2.0\",\r\n\"id\":1,\"method\":\"ping\"}")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"} // x""")]
    [InlineData("jsonrpc=2.0&method=tools/call")]
    public async Task Body_ThatIsNoMessage_GoesNowhere(string body)
    {
        var (status, text) = await SendAsync("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, body);

        Assert.True(status == 400, text);
        Assert.Contains("refused by ClawPdp", text, StringComparison.Ordinal);
        Assert.Empty(Server.Upstream.Requests);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\u006dethod":"tools\/call","params":{"n\u0061me":"..\/shell"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","NAME":"../shell"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"Tools/Call","params":{"name":"create_issue"}}""")]
    public async Task Body_AnotherSpellingOfACall_IsJudgedAsItIs(string body)
    {
        Server.Upstream.Answer = static (_, _) => throw new InvalidOperationException("reached");

        var (status, text) = await SendAsync("POST /mcp HTTP/1.1\r\nHost: HOST\r\n" + Json + Accept, body);

        Assert.Equal(200, status);
        Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Upstream.Requests, static request => request.Body.Contains("shell", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Body_LongerThanAMessage_GoesNowhere()
    {
        var (status, _) = await RawHttp.SendAsync(Server.Address, "POST /mcp HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nContent-Length: 16777217\r\n" + Json + Accept + "\r\n{");

        Assert.Equal(413, status);
        Assert.Empty(Server.Upstream.Requests);
    }

    private Task<(int Status, string Text)> SendAsync(string head, string body) =>
        RawHttp.SendAsync(Server.Address, $"{head}Connection: close\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");
}
