using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Core.Runs;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

public sealed class RunTests : IDisposable
{
    private const string OtherAgent = "did:key:z6MkOther";

    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task StartRun_Again_GivesTheFirstStart()
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);

        var again = await store.StartRunAsync(Samples.Run("run_1") with { StartedAt = Samples.Instant.AddHours(1) }, Cancellation);
        var other = await store.StartRunAsync(Samples.Run("run_1", OtherAgent), Cancellation);

        Assert.Equal((AppendStatus.Replayed, Samples.Instant), (again.Status, again.Summary?.Run.StartedAt));
        Assert.Equal((AppendStatus.RunOfAnotherAgent, (RunSummary?)null), (other.Status, other.Summary));
        Assert.Equal(1, store.Head.Sequence);
    }

    [Fact]
    public async Task AppendEvent_Reopened_LinksToTheLastOne()
    {
        await using (var store = _ledger.Open())
        {
            await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
            await store.AppendEventAsync(Samples.Event("evt_1"), Cancellation);
        }

        await using var reopened = _ledger.Open();
        var second = await reopened.AppendEventAsync(Samples.Event("evt_2"), Cancellation);
        var chain = await EventsAsync(reopened, "run_1");

        Assert.Equal(AppendStatus.Appended, second.Status);
        Assert.Null(EventChain.FindFault([.. chain.Select(static item => item.Event)]));
        Assert.Equal(["evt_1", "evt_2"], chain.Select(static item => item.Event.EventId));
        Assert.Equal(2, reopened.FindRun("run_1")?.EventCount);
    }

    [Theory]
    [InlineData("run_none", "did:key:z6MkAgent", AppendStatus.RunUnknown)]
    [InlineData("run_1", OtherAgent, AppendStatus.RunOfAnotherAgent)]
    [InlineData("run_finished", "did:key:z6MkAgent", AppendStatus.RunFinished)]
    public async Task AppendEvent_RunThatDoesNotTakeIt_IsRefused(string run, string agent, AppendStatus status)
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        await store.StartRunAsync(Samples.Run("run_finished"), Cancellation);
        await store.FinishRunAsync("run_finished", "did:key:z6MkAgent", Samples.Instant, Cancellation);
        var before = store.Head;

        var outcome = await store.AppendEventAsync(Samples.Event("evt_1", run, agent), Cancellation);

        Assert.Equal(new EventOutcome(status, Record: null, Sequence: 0), outcome);
        Assert.Equal(before, store.Head);
    }

    [Fact]
    public async Task AppendEvent_SameId_IsTheSameEventOrAConflict()
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        var first = await store.AppendEventAsync(Samples.Event("evt_1"), Cancellation);

        var same = await store.AppendEventAsync(Samples.Event("evt_1"), Cancellation);
        var other = await store.AppendEventAsync(Samples.Event("evt_1") with { EventType = "llm_call" }, Cancellation);

        Assert.Equal((AppendStatus.Replayed, first.Record?.Event.EventHash), (same.Status, same.Record?.Event.EventHash));
        Assert.Equal(AppendStatus.Conflict, other.Status);
        Assert.Equal(1, store.FindRun("run_1")?.EventCount);
    }

    [Fact]
    public async Task AppendEvent_ChainFull_GoesOnInALinkedOne()
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        var appended = await Task.WhenAll(Enumerable.Range(1, EventChain.CountMax + 1).Select(number =>
            store.AppendEventAsync(Samples.Event(string.Create(CultureInfo.InvariantCulture, $"evt_{number}")), Cancellation)));

        var events = await EventsAsync(store, "run_1");
        var segments = events.GroupBy(static item => item.Segment).ToDictionary(static group => group.Key, static group => group.ToList());
        var bridge = segments[2][0];

        Assert.Equal([EventChain.CountMax, 2], segments.Values.Select(static segment => segment.Count));
        Assert.All(segments.Values, static segment => Assert.Null(EventChain.FindFault([.. segment.Select(static item => item.Event)])));
        Assert.Equal((Continuation.EventType, (string?)null), (bridge.Event.EventType, bridge.Event.PreviousHash));
        Assert.Equal(Sha256.OfCanonical(Continuation.PayloadOf("run_1", 2, segments[1][^1].Event.EventHash)), bridge.Event.PayloadHash);
        Assert.Equal((2, 1), (appended[^1].Record?.Segment, appended[^1].Record?.Index));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_NamesAnEvent_AddsTheReceiptAlone()
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        var named = await store.AppendEventAsync(Samples.Event("evt_1"), Cancellation);

        var outcome = await store.AppendReceiptAsync(Receipts.Draft("r1", eventHash: named.Record?.Event.EventHash), Cancellation);

        Assert.Equal((AppendStatus.Appended, 3L), (outcome.Status, outcome.Sequence));
        Assert.Equal(1, store.FindRun("run_1")?.EventCount);
    }

    [Theory]
    [InlineData("run_none", AppendStatus.RunUnknown)]
    [InlineData("run_1", AppendStatus.EventUnknown)]
    [InlineData("run_2", AppendStatus.EventUnknown)]
    public async Task AppendReceipt_EventOfNoOrAnotherRun_IsRefused(string run, AppendStatus status)
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        await store.StartRunAsync(Samples.Run("run_2"), Cancellation);
        var named = await store.AppendEventAsync(Samples.Event("evt_1", "run_2"), Cancellation);
        var hash = named.Record?.Event.EventHash ?? "";

        var outcome = await store.AppendReceiptAsync(Receipts.Draft("r1", run, run is "run_2" ? hash[1..] + hash[0] : hash), Cancellation);

        Assert.Equal(new AppendOutcome(status, Record: null, Sequence: 0), outcome);
        Assert.Equal(3, store.Head.Sequence);
    }

    [Fact]
    public async Task AppendReceipt_SigningFails_LeavesNeitherRunNorEvent()
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.AppendReceiptAsync(Receipts.Draft("r1", sign: static _ => throw new InvalidOperationException("no")), Cancellation));

        Assert.Equal(0, store.Head.Sequence);
        Assert.Null(store.FindRun("run_1"));
    }

    [Fact]
    public async Task AppendReceipt_ModelCalls_HangInOneGraph()
    {
        await using var store = _ledger.Open();
        var places = new List<ReceiptPlace>();

        await store.AppendReceiptAsync(Receipts.Draft("r1", span: "s1", opensSpan: true, places: places), Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r2", span: "s2", opensSpan: true, places: places), Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r3", places: places), Cancellation);
        await store.AppendReceiptAsync(Receipts.Draft("r4", parent: "s1", places: places), Cancellation);

        Assert.Equal([null, "s1", "s2", "s1"], places.Select(static place => place.ParentSpanId));
        Assert.All(places.Skip(1), static place => Assert.Equal(Samples.Instant.ToUnixTimeMilliseconds(), place.NotBefore?.ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData("s9", null, "", AppendStatus.SpanUnknown)]
    [InlineData(null, "s9", "", AppendStatus.SpanUnknown)]
    [InlineData(null, null, "s1", AppendStatus.SpanTaken)]
    [InlineData("s1", "s1", "s2", AppendStatus.Appended)]
    public async Task AppendReceipt_Span_MustBeAnEarlierModelCalls(string? parent, string? tool, string own, AppendStatus status)
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Receipts.Draft("r1", span: "s1", opensSpan: true), Cancellation);

        var outcome = await store.AppendReceiptAsync(Receipts.Draft("r2", span: own, parent: parent, tool: tool), Cancellation);

        Assert.Equal(status, outcome.Status);
    }

    [Theory]
    [InlineData("ALLOW", "run_1", "scope", "github", "api.github.com", AppendStatus.Appended)]
    [InlineData("ALLOW", null, "scope", "github", "API.github.com.", AppendStatus.Appended)]
    [InlineData("DENY", "run_1", "scope", "github", "api.github.com", AppendStatus.DecisionMismatch)]
    [InlineData("ALLOW", "run_2", "scope", "github", "api.github.com", AppendStatus.DecisionMismatch)]
    [InlineData("ALLOW", "run_1", "scopf", "github", "api.github.com", AppendStatus.DecisionMismatch)]
    [InlineData("ALLOW", "run_1", "scope", "githuc", "api.github.com", AppendStatus.DecisionMismatch)]
    [InlineData("ALLOW", "run_1", "scope", "github", "api.github.org", AppendStatus.DecisionMismatch)]
    [InlineData("ALLOW", "run_1", "scope", "github", null, AppendStatus.DecisionMismatch)]
    public async Task AppendReceipt_NamesADecision_ItMustBeAboutThat(string effect, string? run, string scope, string tool, string? host, AppendStatus status)
    {
        await using var store = _ledger.Open();
        await store.AppendDecisionAsync(
            Samples.Decision("dec_1") with { Effect = effect, RunId = run, TokenScopeHash = scope, Tool = tool, Host = host },
            Cancellation);

        var outcome = await store.AppendReceiptAsync(
            Receipts.Draft("r1", decision: new DecisionClaim { DecisionId = "dec_1", TokenScopeHash = "scope", Tool = "github", Model = "", Host = "api.github.com" }),
            Cancellation);

        Assert.Equal(status, outcome.Status);
    }

    [Fact]
    public async Task SealRun_NamesEverythingThatBelongsToTheRun()
    {
        await using var store = _ledger.Open();
        var token = new string('a', 64);
        await store.KeepDocumentAsync(Samples.Document(DocumentRecord.ScopeMapping, "mapping"), Cancellation);
        await store.KeepDocumentAsync(Samples.Document(DocumentRecord.Policy, "policy"), Cancellation);
        await store.KeepDocumentAsync(Samples.Document(DocumentRecord.Policy, "another"), Cancellation);
        await store.AppendIssuanceAsync(Samples.Issuance("iss_1", token, """{"payload":{"mapping_hash_b64u":"mapping","owner_did":"did:web:owner"}}"""), Cancellation);
        await store.AppendIssuanceAsync(Samples.Issuance("iss_2", new string('b', 64)), Cancellation);
        await store.AppendDecisionAsync(Samples.Decision("dec_1") with { Effect = "ALLOW", TokenScopeHash = "scope" }, Cancellation);
        await store.AppendDecisionAsync(Samples.Decision("dec_2") with { RunId = "run_1", AgentDid = "did:key:z6MkAgent" }, Cancellation);
        await store.AppendDecisionAsync(Samples.Decision("dec_3") with { RunId = "run_1", AgentDid = OtherAgent }, Cancellation);
        await store.AppendReceiptAsync(
            Receipts.Draft("r1", decision: new DecisionClaim { DecisionId = "dec_1", TokenScopeHash = "scope", Tool = "", Model = "", Host = "" }),
            Cancellation);
        await store.AppendRefusalAsync(Samples.Refusal() with { RunId = "run_1", AgentDid = "did:key:z6MkAgent" }, Cancellation);
        await store.Revocations.AppendAsync(Samples.Revocation("rev_1", "did:web:owner", RevocationTargetKind.Owner), Cancellation);
        await store.Revocations.AppendAsync(Samples.Revocation("rev_2", "another"), Cancellation);
        await store.Revocations.AppendAsync(Samples.Revocation("rev_3", "9999999999", RevocationTargetKind.IssuedBefore), Cancellation);

        var outcome = await store.SealRunAsync("run_1", Samples.Instant, Cancellation);
        var seal = outcome.Record ?? throw new InvalidOperationException("not sealed");
        var members = store.ReadRecords(seal.Members);

        Assert.Equal([1, 2, 4, 6, 7, 9, 10, 11, 12, 13, 15], seal.Members);
        Assert.Equal((1, 1, 1, 2, 1), (seal.SegmentCount, seal.EventCount, seal.ReceiptCount, seal.DecisionCount, seal.RefusalCount));
        Assert.Equal(Base64UrlText.Encode(MerkleTree.RootOf(members.Select(static record => record.Hash))), seal.RecordsRoot);
        Assert.Equal(RecordKind.Seal, store.ReadRecords([outcome.Sequence])[0].Kind);
        Assert.False(seal.IsFinished);
    }

    [Fact]
    public async Task FinishRun_Reopened_TakesNothingMore()
    {
        await using (var store = _ledger.Open())
        {
            await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
            await store.FinishRunAsync("run_1", "did:key:z6MkAgent", Samples.Instant, Cancellation);
        }

        await using var reopened = _ledger.Open();
        var receipt = await reopened.AppendReceiptAsync(Receipts.Draft("r1"), Cancellation);
        var again = await reopened.FinishRunAsync("run_1", "did:key:z6MkAgent", Samples.Instant.AddHours(1), Cancellation);
        var seal = await reopened.SealRunAsync("run_1", Samples.Instant, Cancellation);

        Assert.Equal(AppendStatus.RunFinished, receipt.Status);
        Assert.Equal((AppendStatus.Replayed, Samples.Instant), (again.Status, again.Summary?.FinishedAt));
        Assert.True(seal.Record?.IsFinished);
        Assert.Equal([1, 2], seal.Record?.Members);
    }

    [Fact]
    public async Task KeepDocument_Again_IsKeptOnce()
    {
        await using var store = _ledger.Open();

        var first = await store.KeepDocumentAsync(Samples.Document(DocumentRecord.Policy, "hash"), Cancellation);
        var again = await store.KeepDocumentAsync(Samples.Document(DocumentRecord.Policy, "hash"), Cancellation);
        var other = await store.KeepDocumentAsync(Samples.Document(DocumentRecord.ScopeMapping, "hash"), Cancellation);

        Assert.Equal([1, 1, 2], new[] { first, again, other });
    }

    private static Task<List<EventRecord>> EventsAsync(LedgerStore store, string runId) => Task.FromResult(
        store.ReadRecords(1, int.MaxValue)
            .Where(static record => record.Kind == RecordKind.Event)
            .Select(static record => Records.EventContent.Read(record.Content))
            .Where(item => string.Equals(item.Event.RunId, runId, StringComparison.Ordinal))
            .ToList());

    [Fact]
    public async Task Append_RefusedByTheLastLook_RecordsNothing()
    {
        await using var store = _ledger.Open();
        await store.StartRunAsync(Samples.Run("run_1"), Cancellation);
        static void Refuse() => throw new InvalidOperationException("revoked");

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartRunAsync(Samples.Run("run_2"), Refuse, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AppendEventAsync(Samples.Event("evt_1", "run_1") with { Admit = Refuse }, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.FinishRunAsync("run_1", "did:key:z6MkAgent", Samples.Instant, Refuse, Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AppendIssuanceAsync(Samples.Issuance("iss_1", "hash"), Refuse, Cancellation));

        Assert.Equal(1, store.Head.Sequence);
        Assert.Null(store.FindRun("run_2"));
        Assert.Null(store.GetIssuance("hash"));
    }
}
