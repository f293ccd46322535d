using System.Text;
using ClawPdp.Ledger;
using ClawPdp.Protocols.Envoy;
using ClawPdp.Protocols.ExtMcp;
using ClawPdp.Server.Tests.Doors;
using ClawPdp.Server.Tests.Doors.OAuth;
using ClawPdp.Server.Tests.Doors.Web;
using ClawPdp.V1;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using GatewayClient = ClawPdp.Protocols.ExtMcp.ExtMcp.ExtMcpClient;
using Metadata = Grpc.Core.Metadata;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>What comes in a trace is recorded with it, whatever it is and by whatever door it comes.</summary>
public sealed class DoorTraceTests : IClassFixture<RunningSidecar>, IDisposable
{
    private const string State = "vendor=t61rcWkgMzE,other=1";
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;
    private readonly GrpcChannel _web;
    private readonly HttpCaller _http;
    private readonly OAuthCalls _oauth;
    private readonly string _parent = $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01";

    public DoorTraceTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
        _web = GrpcWebDoorTests.ChannelTo(sidecar);
        _http = new HttpCaller(sidecar);
        _oauth = new OAuthCalls(sidecar);
    }

    private Metadata Trace => new() { { "traceparent", _parent }, { "tracestate", State } };

    private (string Name, string Value)[] Headers => [("traceparent", _parent), ("tracestate", State)];

    public void Dispose()
    {
        _channel.Dispose();
        _web.Dispose();
        _http.Dispose();
        _oauth.Dispose();
    }

    [Fact]
    public async Task IssueCst_InATrace_IsRecordedWithIt()
    {
        var parent = (await _sidecar.Client.Tokens.IssueCstAsync(await IssuanceAsync(), Trace)).Issued;
        var child = (await _sidecar.Client.Tokens.IssueCstAsync(new IssueCstRequest { ParentCst = parent.Cst, AgentDid = "did:web:sub.example", Audiences = { "clawpdp" } }, Trace)).Issued;

        Assert.All(new[] { parent, child }, issued => Assert.Equal((_parent, State), TraceOf(issued)));
        Assert.Equal([RecordKind.Issuance, RecordKind.Issuance], await KindsAsync());
        Assert.DoesNotContain(_parent, Encoding.UTF8.GetString(parent.IssuanceRecordJson.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignReceipt_InATrace_IsRecordedWithItAndSignedWithoutIt()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var signed = await _sidecar.Client.Receipts.SignReceiptAsync(ReceiptOf(token, "run-one", "n1", "github"), Trace);
        var batch = await _sidecar.Client.Receipts.SignReceiptBatchAsync(new SignReceiptBatchRequest { Requests = { ReceiptOf(token, "run-one", "n2", "github") } }, Trace);
        var refused = await _sidecar.Client.Receipts.SignReceiptAsync(ReceiptOf(token, "run-one", "n3", "splunk"), Trace);

        Assert.Equal((1, ReasonCode.ToolNotAllowed), (batch.Responses.Count(static item => item.Receipt is not null), refused.Refusal.ReasonCode));
        Assert.Equal([RecordKind.Receipt, RecordKind.Receipt, RecordKind.Refusal], await KindsAsync());
        Assert.DoesNotContain("traceparent", Encoding.UTF8.GetString(signed.Receipt.EnvelopeJson.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignReceipt_AgainInAnotherTrace_GivesTheFirstOfItsNonce()
    {
        var request = ReceiptOf(await _sidecar.TokenOfAsync("alice"), "run-again", "n1", "github");
        var first = await _sidecar.Client.Receipts.SignReceiptAsync(request, Trace);

        var again = await _sidecar.Client.Receipts.SignReceiptAsync(request, new Metadata { { "traceparent", _parent.Replace("-01", "-00", StringComparison.Ordinal) } });

        Assert.True(again.Replayed);
        Assert.Equal(first.Receipt.EnvelopeJson, again.Receipt.EnvelopeJson);
        Assert.Equal([RecordKind.Receipt], await KindsAsync());
    }

    [Fact]
    public async Task AppendEventAndAdminActs_InATrace_AreRecordedWithIt()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _sidecar.Client.Runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-events" });

        await _sidecar.Client.Runs.AppendEventAsync(new AppendEventRequest { Cst = token, RunId = "run-events", EventType = "tool_call", PayloadHashB64U = Hash }, Trace);
        await _sidecar.Client.Audits.CreateAgentKeyAsync(new CreateAgentKeyRequest(), Trace);
        using var export = _sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = "run-nowhere" }, Trace);
        while (await export.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
            Assert.NotNull(export.ResponseStream.Current.Refusal);
        }

        Assert.Equal([RecordKind.Event, RecordKind.Act, RecordKind.Act, RecordKind.Refusal], await KindsAsync());
    }

    [Theory]
    [InlineData("authzen")]
    [InlineData("authzen many")]
    [InlineData("connect")]
    [InlineData("envoy")]
    [InlineData("ext_mcp")]
    [InlineData("forward_auth")]
    [InlineData("grpc_web")]
    public async Task Question_ByAnyDoor_IsRecordedWithItsTrace(string door)
    {
        var token = await _sidecar.TokenOfAsync("alice");

        await AskAsync(door, token);

        Assert.Equal([RecordKind.Decision], await KindsAsync());
    }

    [Fact]
    public async Task Receipt_ByTheDoorsForBrowsers_IsRecordedWithItsTrace()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        Assert.NotNull((await new ReceiptService.ReceiptServiceClient(_web).SignReceiptAsync(ReceiptOf(token, "run-web", "n1", "github"), Trace)).Receipt);
        var answer = await _http.PostAsync("/clawpdp.v1.ReceiptService/SignReceipt", JsonFormatter.Default.Format(ReceiptOf(token, "run-web", "n2", "github")), "application/json", Headers);

        Assert.NotNull(answer.Find("receipt"));
        Assert.Equal([RecordKind.Receipt, RecordKind.Receipt], await KindsAsync());
    }

    [Fact]
    public async Task Exchange_InATrace_IsRecordedWithIt()
    {
        var answer = await _oauth.PostAsync(OAuthCalls.Token, await _oauth.ExchangeAsync("alice"), Headers);

        Assert.NotNull(answer.Text("access_token"));
        Assert.Equal([RecordKind.Issuance], await KindsAsync());
    }

    [Fact]
    public async Task Call_WithABadTrace_IsAnsweredAndRecordedWithoutOne()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        var bad = new Metadata { { "traceparent", _parent.ToUpperInvariant() }, { "tracestate", new string('a', 4096) } };

        var signed = await _sidecar.Client.Receipts.SignReceiptAsync(ReceiptOf(token, "run-bad", "n1", "github"), bad);
        var issued = await _sidecar.Client.Tokens.IssueCstAsync(await IssuanceAsync(), bad);

        Assert.NotNull(signed.Receipt);
        Assert.Equal((null, null), TraceOf(issued.Issued));
        Assert.Empty(await KindsAsync());
    }

    private async Task AskAsync(string door, string token)
    {
        var bearer = ("Authorization", "Bearer " + token);
        var evaluation = $$$"""{"subject":{"type":"agent","id":"{{{_sidecar.Client.AgentDid}}}"},"action":{"name":"call"},"resource":{"type":"tool","id":"github"}}""";
        switch (door)
        {
            case "authzen":
                await _http.PostAsync("/access/v1/evaluation", evaluation, "application/json", [bearer, .. Headers]);
                break;
            case "authzen many":
                await _http.PostAsync("/access/v1/evaluations", $$"""{"evaluations":[{{evaluation}}]}""", "application/json", [bearer, .. Headers]);
                break;
            case "connect":
                await _http.PostAsync("/clawpdp.v1.DecisionService/Authorize", $$"""{"cst":"{{token}}","tool":"github"}""", "application/json", Headers);
                break;
            case "envoy":
                var check = new CheckRequest { Attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = new AttributeContext.Types.HttpRequest { Host = "api.github.com" } } } };
                await new Authorization.AuthorizationClient(_channel).CheckAsync(check, Trace);
                break;
            case "ext_mcp":
                await new GatewayClient(_channel).CheckRequestAsync(new McpRequest { Method = "tools/call", McpRequest_ = ByteString.CopyFromUtf8("""{"name":"x"}"""), ServiceNames = { "github" } }, Trace);
                break;
            case "forward_auth":
                await _http.GetAsync("/v1/forward-auth", [bearer, ("x-forwarded-host", "api.github.com"), .. Headers]);
                break;
            default:
                await new DecisionService.DecisionServiceClient(_web).AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }, Trace);
                break;
        }
    }

    private static SignReceiptRequest ReceiptOf(string token, string runId, string nonce, string tool) => new()
    {
        Cst = token,
        RunId = runId,
        Nonce = nonce,
        ToolCall = new ToolCall { ToolName = tool, ArgsHashB64U = Hash, ResultHashB64U = Hash },
    };

    private async Task<IssueCstRequest> IssuanceAsync()
    {
        // The provider's keys are at hand once a token was issued.
        await _sidecar.TokenOfAsync("alice");
        return new IssueCstRequest { IdToken = await _sidecar.Client.SignInAsync("alice"), AgentDid = _sidecar.Client.AgentDid, Audiences = { "clawpdp" } };
    }

    private (string? Parent, string? State) TraceOf(IssuedCst issued)
    {
        var record = _sidecar.Services.GetRequiredService<LedgerStore>().GetIssuance(issued.TokenHash);
        return (record?.TraceParent, record?.TraceState);
    }

    // The kinds of the records in the trace, in their order, each of which holds both headers as they were given.
    private async Task<List<RecordKind>> KindsAsync()
    {
        var ledger = _sidecar.Services.GetRequiredService<LedgerStore>();
        await ledger.FlushDecisionsAsync(TestContext.Current.CancellationToken);
        var found = ledger.ReadRecords(1, 100_000).Where(record => Encoding.UTF8.GetString(record.Content.Span).Contains(_parent[..35], StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.All(found, record => Assert.Contains($"\"traceparent\":\"{_parent}\",\"tracestate\":\"{State}\"", Encoding.UTF8.GetString(record.Content.Span), StringComparison.Ordinal));
        return [.. found.Select(static record => record.Kind)];
    }
}
