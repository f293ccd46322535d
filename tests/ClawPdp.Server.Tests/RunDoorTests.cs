using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.V1;
using Grpc.Net.Client;

namespace ClawPdp.Server.Tests;

[Trait("Door", "published")]
public sealed class RunDoorTests : IClassFixture<RunningSidecar>, IDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;
    private readonly RunService.RunServiceClient _runs;

    public RunDoorTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
        _runs = new RunService.RunServiceClient(_channel);
    }

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task Run_StartedAppendedFinished_IsGivenAsItStands()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var started = await _runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-whole" });
        var again = await _runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-whole" });
        var first = await _runs.AppendEventAsync(Event(token, "run-whole", "e1"));
        var second = await _runs.AppendEventAsync(Event(token, "run-whole", "e2"));
        var repeated = await _runs.AppendEventAsync(Event(token, "run-whole", "e2"));
        var signed = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-whole", "n1", first.Event.EventHashB64U));
        var finished = await _runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = "run-whole" });
        var found = await _runs.GetRunAsync(new GetRunRequest { RunId = "run-whole", Segment = 1 });
        var late = await _runs.AppendEventAsync(Event(token, "run-whole", "e3"));

        Assert.Equal((false, true, true), (started.Replayed, again.Replayed, repeated.Replayed));
        Assert.Equal(("", first.Event.EventHashB64U), (first.Event.PrevHashB64U, second.Event.PrevHashB64U));
        Assert.Equal(first.Event.EventHashB64U, signed.Receipt.EventHashB64U);
        Assert.Equal(["e1", "e2"], found.Events.Select(static item => item.EventId));
        Assert.Equal((2u, 1u, 1u), (found.Run.EventCount, found.Run.SegmentCount, found.Run.ReceiptCount));
        Assert.Equal(finished.Run.FinishedAt, found.Run.FinishedAt);
        Assert.Equal(ReasonCode.RunFinished, late.Refusal.ReasonCode);
    }

    [Fact]
    public async Task SignReceipt_WithoutAnEvent_StartsTheRunAndAppendsOne()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var model = await _sidecar.Client.Receipts.SignReceiptAsync(Model(token, "run-own", "n1"));
        var tool = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-own", "n2", ""));
        var found = await _runs.GetRunAsync(new GetRunRequest { RunId = "run-own", Segment = 1 });

        Assert.Equal(["llm_call", "tool_call"], found.Events.Select(static item => item.EventType));
        Assert.Equal([model.Receipt.EventHashB64U, tool.Receipt.EventHashB64U], found.Events.Select(static item => item.EventHashB64U));
        Assert.StartsWith("span_", model.Receipt.SpanId, StringComparison.Ordinal);
        Assert.Equal(model.Receipt.SpanId, BindingOf(tool.Receipt)?.FindText("parent_span_id"));
        Assert.Null(BindingOf(tool.Receipt)?.FindText("tool_span_id"));
        Assert.Null(BindingOf(model.Receipt)?.FindText("parent_span_id"));
    }

    [Fact]
    public async Task SignReceipt_PointsToWhatIsNotThere_IsRefusedAndRecorded()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _sidecar.Client.Receipts.SignReceiptAsync(Model(token, "run-loose", "n1"));
        var denied = await _sidecar.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "argo-cd-admin" });

        var noEvent = await _sidecar.Client.Receipts.SignReceiptAsync(Tool(token, "run-loose", "n2", Hash));
        var noSpan = Tool(token, "run-loose", "n3", "");
        noSpan.ParentSpanId = "elsewhere";
        var wrongSpan = await _sidecar.Client.Receipts.SignReceiptAsync(noSpan);
        var named = Tool(token, "run-loose", "n4", "");
        named.DecisionId = denied.DecisionId;
        var wrongDecision = await _sidecar.Client.Receipts.SignReceiptAsync(named);
        var run = await _runs.GetRunAsync(new GetRunRequest { RunId = "run-loose" });

        Assert.Equal((ReasonCode.EventNotFound, "event_hash_b64u"), (noEvent.Refusal.ReasonCode, noEvent.Refusal.Field));
        Assert.Equal((ReasonCode.SpanInvalid, "parent_span_id"), (wrongSpan.Refusal.ReasonCode, wrongSpan.Refusal.Field));
        Assert.Equal((ReasonCode.DecisionMismatch, "decision_id"), (wrongDecision.Refusal.ReasonCode, wrongDecision.Refusal.Field));
        Assert.Equal((1u, 3u), (run.Run.ReceiptCount, run.Run.RefusalCount));
    }

    [Theory]
    [InlineData("run_continued_9", "tool_call", "", Hash, "event_id")]
    [InlineData("e", "run_continued", "", Hash, "event_type")]
    [InlineData("e", " tool_call", "", Hash, "event_type")]
    [InlineData("e", "tool_call", "2026-01-01T00:00:00", Hash, "timestamp")]
    [InlineData("e", "tool_call", "", "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFV", "payload_hash_b64u")]
    public async Task AppendEvent_FieldThatMakesNoEvent_IsRefusedWithItsName(string id, string type, string timestamp, string payloadHash, string field)
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await _runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run-fields" });

        var response = await _runs.AppendEventAsync(new AppendEventRequest
        {
            Cst = token,
            RunId = "run-fields",
            EventId = id,
            EventType = type,
            Timestamp = timestamp,
            PayloadHashB64U = payloadHash,
        });

        Assert.Equal((ReasonCode.EventInvalid, field), (response.Refusal.ReasonCode, response.Refusal.Field));
    }

    [Fact]
    public async Task AnyCall_NoGoodToken_IsRefused()
    {
        var start = await _runs.StartRunAsync(new StartRunRequest { RunId = "run-none" });
        var append = await _runs.AppendEventAsync(Event("", "run-none", "e1"));
        var finish = await _runs.FinishRunAsync(new FinishRunRequest { Cst = "x.y.z", RunId = "run-none" });
        var get = await _runs.GetRunAsync(new GetRunRequest { RunId = "run-none" });

        Assert.Equal((ReasonCode.TokenRequired, ReasonCode.TokenRequired), (start.Refusal.ReasonCode, append.Refusal.ReasonCode));
        Assert.Equal((ReasonCode.TokenMalformed, "cst"), (finish.Refusal.ReasonCode, finish.Refusal.Field));
        Assert.Equal(ReasonCode.RunNotFound, get.Refusal.ReasonCode);
    }

    [Fact]
    public async Task SignReceipt_ManyAtOnceInOneRun_HangInOneChainInTheOrderOfTheirEvents()
    {
        var token = await _sidecar.TokenOfAsync("alice");

        var signed = await Task.WhenAll(Enumerable.Range(0, 64).Select(async number =>
            (await _sidecar.Client.Receipts.SignReceiptAsync(Model(token, "run-many", string.Create(CultureInfo.InvariantCulture, $"n{number}")))).Receipt));
        var found = await _runs.GetRunAsync(new GetRunRequest { RunId = "run-many", Segment = 1 });

        var inOrder = signed.OrderBy(static receipt => receipt.Sequence).ToList();
        Assert.Equal(found.Events.Select(static item => item.EventHashB64U), inOrder.Select(static receipt => receipt.EventHashB64U));
        Assert.Equal(
            inOrder.Take(63).Select(static receipt => (string?)receipt.SpanId).Prepend(null),
            inOrder.Select(static receipt => BindingOf(receipt)?.FindText("parent_span_id")));
        Assert.Equal(inOrder.Select(static receipt => receipt.SignedAt).Order(), inOrder.Select(static receipt => receipt.SignedAt));
    }

    private static JsonValue? BindingOf(SignedReceipt receipt) =>
        JsonReader.Parse(receipt.EnvelopeJson.Span, 1 << 16).Value.Find("payload")?.Find("binding");

    private static AppendEventRequest Event(string token, string run, string id) => new()
    {
        Cst = token,
        RunId = run,
        EventId = id,
        EventType = "tool_call",
        Timestamp = "2026-01-01T00:00:00Z",
        PayloadHashB64U = Hash,
    };

    private static SignReceiptRequest Tool(string token, string run, string nonce, string eventHash) => new()
    {
        Cst = token,
        RunId = run,
        Nonce = nonce,
        EventHashB64U = eventHash,
        ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
    };

    private static SignReceiptRequest Model(string token, string run, string nonce) => new()
    {
        Cst = token,
        RunId = run,
        Nonce = nonce,
        ModelCall = new ModelCall { Provider = "openai", Model = "gpt-4o", RequestHashB64U = Hash, ResponseHashB64U = Hash },
    };
}
