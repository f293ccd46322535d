using System.Globalization;
using System.Text;
using System.Text.Json;
using ClawPdp.Client;
using ClawPdp.Server.Doors.McpGuard;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.McpGuard;

public sealed class McpGuardSessionTests : IClassFixture<RunningSidecar>, IAsyncLifetime
{
    private readonly RunningSidecar _sidecar;
    private ClawPdpClient? _client;
    private McpGuardSession? _session;

    public McpGuardSessionTests(RunningSidecar sidecar) => _sidecar = sidecar;

    private McpGuardSession Session => _session ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        var token = await _sidecar.TokenOfAsync("bob");
        var options = ClawPdpClientOptions.WithToken(token) with { Address = new Uri(_sidecar.GrpcAddress).Authority, AuthorizeTimeout = TimeSpan.FromSeconds(20), DurableTimeout = TimeSpan.FromSeconds(20) };
        _client = new ClawPdpClient(options);
        _session = new McpGuardSession(_client, options.Token, "crowdstrike", TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"roots":[]}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","arguments":{"title":"x"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"x"}}""")]
    public async Task FromClient_WhatIsAllowed_GoesOnByteForByte(string text)
    {
        var (onward, back) = await AskAsync(text);

        Assert.Null(back);
        Assert.Equal(text, onward);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"create_issue"}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"ping"}""")]
    public async Task FromClient_NoNotificationWithoutAnId_GoesNowhere(string text) => Assert.Equal((null, null), await AskAsync(text));

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call"}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":7}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","arguments":[]}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","Name":"b"}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","ARGUMENTS":{}}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a","arguments":{"n":[9007199254740993]}}}""", McpAnswers.InvalidParams)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"../shell"}}""", McpAnswers.Denied)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"*"}}""", McpAnswers.Denied)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":""}""", McpAnswers.Denied)]
    public async Task FromClient_WhatIsNot_IsAnsweredWithAnError(string text, int code)
    {
        var (onward, back) = await AskAsync(text);

        Assert.Null(onward);
        var answer = JsonDocument.Parse(back ?? "").RootElement;
        Assert.Equal((7, code), (answer.GetProperty("id").GetInt32(), answer.GetProperty("error").GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task FromClient_AnIdInUse_IsRefused()
    {
        const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";
        await AskAsync(Ping);

        var (onward, back) = await AskAsync("""{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"create_issue"}}""");

        Assert.Null(onward);
        Assert.Contains($"{McpAnswers.InvalidRequest}", back, StringComparison.Ordinal);
        Assert.NotNull(await AnswerAsync("""{"jsonrpc":"2.0","id":1,"result":{}}"""));
        Assert.Null(await AnswerAsync("""{"jsonrpc":"2.0","id":1,"result":{}}"""));
        Assert.Equal(Ping, (await AskAsync(Ping)).Onward);
    }

    [Fact]
    public async Task FromServer_AList_HoldsOnlyWhatIsAllowed()
    {
        var other = new McpGuardSession(_client ?? throw new InvalidOperationException(), async _ => await _sidecar.TokenOfAsync("bob"), "splunk", TimeSpan.FromSeconds(20), TimeProvider.System);
        const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
        const string Tools = """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"search","x":1.50},{"title":"none"}],"nextCursor":"c"}}""";
        await AskAsync(List);
        await other.FromClientAsync(Encoding.UTF8.GetBytes(List), TestContext.Current.CancellationToken);

        var allowed = JsonDocument.Parse(await AnswerAsync(Tools) ?? "").RootElement.GetProperty("result");
        var denied = JsonDocument.Parse(await other.FromServerAsync(Encoding.UTF8.GetBytes(Tools), TestContext.Current.CancellationToken) ?? default).RootElement.GetProperty("result");

        Assert.Equal(("search", "c"), (Assert.Single(allowed.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString(), allowed.GetProperty("nextCursor").GetString()));
        Assert.Empty(denied.GetProperty("tools").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"content":[]}""", "result")]
    [InlineData("""{"content":[],"isError":true}""", "result")]
    [InlineData("""{"code":-32000,"message":"broken"}""", "error")]
    public async Task FromServer_TheResultOfACall_IsSignedFirst(string result, string member)
    {
        await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue","arguments":{}}}""");
        var text = $$"""{"jsonrpc":"2.0","id":1,"{{member}}":{{result}}}""";

        Assert.Equal(text, await AnswerAsync(text));

        using var channel = _sidecar.Channel();
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = _client?.RunId }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1u, run.Run?.ReceiptCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FromClient_ACallThatIsNeverAnswered_HasItsReceipt(bool isCancelled)
    {
        await AskAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue"}}""");

        await (isCancelled ? AskAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""") : Session.EndAsync());

        Assert.Null(await AnswerAsync("""{"jsonrpc":"2.0","id":1,"result":{}}"""));
        using var channel = _sidecar.Channel();
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = _client?.RunId }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1u, run.Run?.ReceiptCount);
    }

    [Fact]
    public async Task FromServer_TheReceiptIsRefused_KeepsTheResultBack()
    {
        var token = await _sidecar.TokenOfAsync("bob");
        await using var client = new ClawPdpClient(ClawPdpClientOptions.WithToken(token) with { Address = new Uri(_sidecar.GrpcAddress).Authority, AuthorizeTimeout = TimeSpan.FromSeconds(20) });
        var session = new McpGuardSession(client, _ => ValueTask.FromResult(token), "crowdstrike", TimeSpan.FromSeconds(20), TimeProvider.System);
        await session.FromClientAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_issue"}}"""u8.ToArray(), TestContext.Current.CancellationToken);
        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token });

        var answer = await session.FromServerAsync("""{"jsonrpc":"2.0","id":1,"result":{"content":"secret"}}"""u8.ToArray(), TestContext.Current.CancellationToken);

        var text = Encoding.UTF8.GetString((answer ?? default).Span);
        Assert.Contains(McpAnswers.NotSigned.ToString(CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        Assert.Contains("TOKEN_REVOKED", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    private async Task<(string? Onward, string? Back)> AskAsync(string text)
    {
        var (onward, back) = await Session.FromClientAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        return (onward is { } message ? Encoding.UTF8.GetString(message.Span) : null, back is null ? null : Encoding.UTF8.GetString(back));
    }

    private async Task<string?> AnswerAsync(string text) =>
        await Session.FromServerAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken) is { } message ? Encoding.UTF8.GetString(message.Span) : null;
}
