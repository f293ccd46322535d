using System.Net;
using ClawPdp.V1;

namespace ClawPdp.Client.Tests;

public sealed class GuardTests : IAsyncLifetime
{
    private readonly ScriptedPeer _peer = new();
    private ClawPdpClient? _client;

    private ClawPdpClient Client => _client ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        await _peer.InitializeAsync();
        _client = new ClawPdpClient(ClawPdpClientOptions.WithToken("token") with { Address = _peer.Address, AuthorizeTimeout = TimeSpan.FromSeconds(20), RunId = "run-1" });
        _peer.Steps["github"] = [ScriptedPeer.Step(ScriptedPeer.Allow())];
        _peer.Steps["shell"] = [ScriptedPeer.Step(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.ToolNotAllowed, DecisionId = "dec-2", Epoch = 7 })];
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_Allowed_ActsAndSigns()
    {
        var result = await Client.RunAsync(AgentAction.CallTool("github", """{"b":1,"a":2}"""), _ => Task.FromResult("\"done\""), Digest.OfJson, TestContext.Current.CancellationToken);

        Assert.Equal("\"done\"", result);
        var receipt = Assert.Single(_peer.Receipts);
        Assert.Equal(("run-1", "dec-1", "github"), (receipt.RunId, receipt.DecisionId, receipt.ToolCall.ToolName));
        Assert.Equal(Digest.OfJson("""{"a":2,"b":1}"""), receipt.ToolCall.ArgsHashB64U);
        Assert.Equal(Digest.OfText("done"), receipt.ToolCall.ResultHashB64U);
        Assert.Equal(ResultStatus.Success, receipt.ToolCall.ResultStatus);
    }

    [Fact]
    public async Task RunAsync_Denied_DoesNothing()
    {
        var acted = false;

        var denied = await Assert.ThrowsAsync<AuthorizationDeniedException>(() => Client.RunAsync(
            AgentAction.CallTool("shell"),
            _ =>
            {
                acted = true;
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken));

        Assert.Equal("TOOL_NOT_ALLOWED", denied.Decision.Reason);
        Assert.False(acted);
        Assert.Empty(_peer.Receipts);
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException), ResultStatus.Error)]
    [InlineData(typeof(TimeoutException), ResultStatus.Timeout)]
    [InlineData(typeof(OperationCanceledException), ResultStatus.Error)]
    public async Task RunAsync_TheActionThrows_SignsThatAndThrowsIt(Type failure, ResultStatus status)
    {
        var thrown = await Assert.ThrowsAsync(failure, () => Client.RunAsync(
            AgentAction.CallTool("github"),
            Task (_) => throw (Exception)(Activator.CreateInstance(failure) ?? new InvalidOperationException()),
            TestContext.Current.CancellationToken));

        Assert.IsType(failure, thrown);
        Assert.Equal(status, Assert.Single(_peer.Receipts).ToolCall.ResultStatus);
    }

    [Fact]
    public async Task RunAsync_NoReceipt_IsToldWithTheNonce()
    {
        _peer.ReceiptSteps.Enqueue(static _ => new SignReceiptResponse { Refusal = new Refusal { ReasonCode = ReasonCode.TokenRevoked, ReasonClass = ReasonClass.Structural } });

        var missing = await Assert.ThrowsAsync<ReceiptNotSignedException>(() =>
            Client.RunAsync(AgentAction.CallTool("github"), static _ => throw new InvalidOperationException("broken"), TestContext.Current.CancellationToken));

        Assert.Equal("TOKEN_REVOKED", missing.Refusal.Reason);
        Assert.Equal(Assert.Single(_peer.Receipts).Nonce, missing.Nonce);
        Assert.Equal("broken", missing.InnerException?.Message);
    }

    [Fact]
    public async Task RunAsync_TheDigestThrows_IsToldAsAMissingReceipt()
    {
        var missing = await Assert.ThrowsAsync<ReceiptNotSignedException>(() =>
            Client.RunAsync(AgentAction.CallTool("github"), static _ => Task.FromResult("{"), Digest.OfJson, TestContext.Current.CancellationToken));

        Assert.Equal(ClientReasons.Report, missing.Refusal.Reason);
        Assert.Empty(_peer.Receipts);
    }

    [Fact]
    public async Task SignReceiptAsync_ALostAnswer_IsAskedForAgainWithTheSameNonce()
    {
        _peer.ReceiptSteps.Enqueue(static _ => null);

        await Client.RunAsync(AgentAction.CallTool("github"), static _ => Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal(2, _peer.Receipts.Count);
        Assert.Single(_peer.Receipts.Select(static receipt => receipt.Nonce).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SignReceiptAsync_AReceiptOfSomethingElse_IsNone()
    {
        _peer.ReceiptSteps.Enqueue(static _ => new SignReceiptResponse { Receipt = new SignedReceipt { ReceiptId = "rcpt-9", RunId = "run-1", Nonce = "another", DecisionId = "dec-1", EnvelopeJson = Google.Protobuf.ByteString.CopyFromUtf8("{}") } });

        var missing = await Assert.ThrowsAsync<ReceiptNotSignedException>(() =>
            Client.RunAsync(AgentAction.CallTool("github"), static _ => Task.CompletedTask, TestContext.Current.CancellationToken));

        Assert.Equal(ClientReasons.Protocol, missing.Refusal.Reason);
    }

    [Theory]
    [InlineData("https://api.example.com/v1?key=1", "api.example.com", "GET", EffectClass.NetworkEgress)]
    [InlineData("http://api.example.com:8080/", "api.example.com:8080", "POST", EffectClass.ExternalApiWrite)]
    [InlineData("https://[2001:db8::1]:8443/", "[2001:db8::1]:8443", "HEAD", EffectClass.NetworkEgress)]
    public async Task HttpHandler_ARequest_AsksAboutItsHostAndSigns(string target, string host, string method, EffectClass effect)
    {
        _peer.Steps[""] = [ScriptedPeer.Step(ScriptedPeer.Allow())];
        using var http = new HttpClient(new GuardedHttpHandler(Client, new Answering()));

        using var response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), target), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var receipt = Assert.Single(_peer.Receipts);
        Assert.Equal((host, effect), (receipt.SideEffect.Host, receipt.SideEffect.EffectClass));
        Assert.DoesNotContain("key=1", receipt.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpHandler_ADeniedHost_SendsNothing()
    {
        _peer.Steps[""] = [ScriptedPeer.Step(new AuthorizeResponse { Effect = Effect.Deny, ReasonCode = ReasonCode.ToolNotAllowed, DecisionId = "dec-3", Epoch = 7 })];
        var answering = new Answering();
        using var http = new HttpClient(new GuardedHttpHandler(Client, answering));

        await Assert.ThrowsAsync<AuthorizationDeniedException>(() => http.GetAsync(new Uri("https://evil.example/"), TestContext.Current.CancellationToken));

        Assert.Equal(0, answering.Count);
    }

    [Fact]
    public void HttpHandler_ARequestThatDoesNotWait_IsNotSent()
    {
        var answering = new Answering();
        using var http = new HttpClient(new GuardedHttpHandler(Client, answering));

        Assert.Throws<NotSupportedException>(() => http.Send(new HttpRequestMessage(HttpMethod.Get, "https://api.example.com/"), TestContext.Current.CancellationToken));
        Assert.Equal(0, answering.Count);
    }

    private sealed class Answering : HttpMessageHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NoContent));
        }
    }
}
