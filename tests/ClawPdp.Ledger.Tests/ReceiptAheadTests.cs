using System.Collections.Concurrent;
using System.Globalization;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

/// <summary>Receipts are signed before their turn for the place that they will likely have; what counts is the place that they have.</summary>
public sealed class ReceiptAheadTests : IDisposable
{
    private const string Run = "run_1";

    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task AppendReceipt_PlaceAsExpected_IsSignedOnceBeforeItsTurn()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Receipts.Draft("r1", span: "s1", opensSpan: true), Cancellation);
        List<ReceiptPlace> places = [];
        Task<AppendOutcome> append;
        int signedBefore;
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            append = store.AppendReceiptAsync(Receipts.Draft("r2", places: places), Cancellation);
            signedBefore = places.Count;
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        Assert.Equal(AppendStatus.Appended, (await append).Status);
        Assert.Equal((1, 1), (signedBefore, places.Count));
        Assert.Equal(("s1", store.ReadEvents(Run, 1)[^1].Event.Event.EventHash), (places[0].ParentSpanId, places[0].EventHash));
    }

    [Fact]
    public async Task AppendReceipt_PlaceThatMovedMeanwhile_IsSignedAnewForTheOneItHas()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Receipts.Draft("r1"), Cancellation);
        List<ReceiptPlace> places = [];
        Task<EventOutcome> moved;
        Task<AppendOutcome> append;
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            moved = store.AppendEventAsync(Samples.Event("between", Run), Cancellation);
            append = store.AppendReceiptAsync(
                Receipts.Draft("r2", sign: place =>
                {
                    places.Add(place);
                    return Samples.Receipt("r2", scope: Run, envelope: place.EventHash);
                }),
                Cancellation);
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        var outcome = await append;
        var events = store.ReadEvents(Run, 1);

        Assert.Equal(2, places.Count);
        Assert.NotEqual(places[0], places[1]);
        Assert.Equal((await moved).Record?.Event.EventHash, events[^1].Event.Event.PreviousHash);
        Assert.Equal(events[^1].Event.Event.EventHash, System.Text.Encoding.UTF8.GetString(outcome.Record?.EnvelopeJson.ToArray() ?? []));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_ManyAtOnceInOneRun_MakeOneConnectedChain()
    {
        const int Count = 256;
        await using var store = _ledger.Open();
        ConcurrentDictionary<string, string> signedFor = new(StringComparer.Ordinal);

        await Task.WhenAll(Enumerable.Range(0, Count).Select(number => Task.Run(
            () =>
            {
                var id = number.ToString(CultureInfo.InvariantCulture);
                return store.AppendReceiptAsync(
                    Receipts.Draft(id, span: "s" + id, opensSpan: true, sign: place =>
                    {
                        signedFor["evt-" + id] = place.EventHash;
                        return Samples.Receipt(id, scope: Run, nonce: id);
                    }),
                    Cancellation);
            },
            Cancellation)));
        var events = store.ReadEvents(Run, 1).Select(static item => item.Event.Event).ToList();

        Assert.Equal(Count, events.Count);
        Assert.Null(events[0].PreviousHash);
        Assert.Equal(events.SkipLast(1).Select(static item => item.EventHash), events.Skip(1).Select(static item => item.PreviousHash ?? ""));
        Assert.All(events, item => Assert.Equal(item.EventHash, signedFor[item.EventId]));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_SignedAheadWithWhatNoLongerCounts_IsSignedAnew()
    {
        await using var store = _ledger.Open();
        var signedCount = 0;
        var draft = DraftWith(
            Receipts.Draft("r1", sign: _ =>
            {
                signedCount++;
                return Samples.Receipt("r1", scope: Run);
            }),
            _ => signedCount > 1);

        var outcome = await store.AppendReceiptAsync(draft, Cancellation);

        Assert.Equal((AppendStatus.Appended, 2), (outcome.Status, signedCount));
    }

    [Fact]
    public async Task AppendReceipt_NotAdmittedInItsTurn_LeavesNoTraceAndTheOthersStand()
    {
        await using var store = _ledger.Open();
        Task<AppendOutcome>[] batch;
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            batch =
            [
                store.AppendReceiptAsync(Receipts.Draft("r1", run: "one"), Cancellation),
                store.AppendReceiptAsync(DraftWith(Receipts.Draft("r2", run: "two"), static _ => throw new InvalidOperationException("revoked")), Cancellation),
                store.AppendReceiptAsync(Receipts.Draft("r3", run: "three"), Cancellation),
            ];
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => batch[1]);

        Assert.Equal((Receipts.FirstCount, 2 * Receipts.FirstCount), ((await batch[0]).Sequence, (await batch[2]).Sequence));
        Assert.Null(store.FindRun("two"));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    private static ReceiptDraft DraftWith(ReceiptDraft draft, Func<ReceiptRecord, bool> admit) => new()
    {
        Run = draft.Run,
        Nonce = draft.Nonce,
        RequestFingerprint = draft.RequestFingerprint,
        NewEvent = draft.NewEvent,
        Spans = draft.Spans,
        Sign = draft.Sign,
        Admit = admit,
    };
}
