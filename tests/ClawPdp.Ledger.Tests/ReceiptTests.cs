using System.Globalization;
using ClawPdp.Ledger.Runs;
using CsCheck;

namespace ClawPdp.Ledger.Tests;

public sealed class ReceiptTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task AppendReceipt_Reopened_GivesTheSameBytes()
    {
        var receipt = Samples.Receipt("r1", envelope: "{\"a\":\"quote \\\" tab \\t <html> \u2028 \U0001F600 \0\"} \n");
        var store = _ledger.Open();

        var outcome = await store.AppendReceiptAsync(receipt, Cancellation);
        await store.DisposeAsync();
        await using var reopened = _ledger.Open();

        Assert.Equal(AppendStatus.Appended, outcome.Status);
        Assert.Equal(Receipts.FirstCount, outcome.Sequence);
        Samples.AssertSame(receipt, reopened.GetReceipt("r1")?.Record);
        Samples.AssertSame(receipt, reopened.FindByNonce(receipt.IdempotencyScope, receipt.Nonce)?.Record);
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_AnyTextAsEnvelope_IsKeptByteForByte()
    {
        await using var store = _ledger.Open();
        var count = 0;

        await Gen.String[1, 200].Where(static text => !text.Any(char.IsSurrogate)).SampleAsync(
            async text =>
            {
                var receipt = Samples.Receipt("r" + Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture), envelope: text);
                await store.AppendReceiptAsync(receipt, Cancellation);
                Samples.AssertSame(receipt, store.GetReceipt(receipt.ReceiptId)?.Record);
            },
            iter: 100);
    }

    [Fact]
    public async Task AppendReceipt_SameRequestAgain_GivesTheFirstReceipt()
    {
        var first = Samples.Receipt("r1", nonce: "n");
        var store = _ledger.Open();
        await store.AppendReceiptAsync(first, Cancellation);
        await store.DisposeAsync();

        await using var reopened = _ledger.Open();
        var outcome = await reopened.AppendReceiptAsync(Samples.Receipt("r2", nonce: "n"), Cancellation);

        Assert.Equal(AppendStatus.Replayed, outcome.Status);
        Assert.Equal(Receipts.FirstCount, outcome.Sequence);
        Samples.AssertSame(first, outcome.Record);
        Assert.Null(reopened.GetReceipt("r2"));
        Assert.Equal(Receipts.FirstCount, reopened.Health.RecordCount);
    }

    [Fact]
    public async Task AppendReceipt_OtherRequestOfTheSameNonce_IsAConflict()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("r1", nonce: "n"), Cancellation);

        var outcome = await store.AppendReceiptAsync(Samples.Receipt("r2", nonce: "n", request: "another"), Cancellation);

        Assert.Equal(new AppendOutcome(AppendStatus.Conflict, Record: null, Sequence: 0), outcome);
        Assert.Equal(Receipts.FirstCount, store.Health.RecordCount);
    }

    [Fact]
    public async Task AppendReceipt_SameNonceInAnotherScope_IsAnotherReceipt()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("r1", nonce: "n"), Cancellation);

        var outcome = await store.AppendReceiptAsync(Samples.Receipt("r2", nonce: "n", scope: "agent|run2"), Cancellation);

        Assert.Equal(AppendStatus.Appended, outcome.Status);
        Assert.Null(store.FindByNonce("agent|run3", "n"));
    }

    [Fact]
    public async Task AppendReceipt_ConcurrentDuplicates_MakeOneRecordThatAllGet()
    {
        await using var store = _ledger.Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(index => Task.Run(
            () => store.AppendReceiptAsync(Samples.Receipt("r" + index.ToString(CultureInfo.InvariantCulture), nonce: "n"), Cancellation),
            Cancellation)));

        var winner = Assert.Single(outcomes, static outcome => outcome.Status == AppendStatus.Appended);
        Assert.Equal(63, outcomes.Count(static outcome => outcome.Status == AppendStatus.Replayed));
        Assert.NotNull(winner.Record);
        Assert.All(outcomes, outcome => Samples.AssertSame(winner.Record, outcome.Record));
        Assert.Equal(Receipts.FirstCount, store.Health.RecordCount);
    }

    [Fact]
    public async Task AppendReceipt_AnyMixOfRequestsAtOnce_GivesEachNonceToOneRequest()
    {
        await using var store = _ledger.Open();
        var scopes = 0;

        await Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2]).Array[1, 24].SampleAsync(
            async requests =>
            {
                var scope = "scope" + Interlocked.Increment(ref scopes).ToString(CultureInfo.InvariantCulture);
                var appends = requests.Select(async (request, index) =>
                {
                    var (nonce, content) = (Text(request.Item1), Text(request.Item2));
                    var receipt = Samples.Receipt($"{scope}-{Text(index)}", nonce, scope, content);
                    return (Nonce: nonce, Content: content, Outcome: await store.AppendReceiptAsync(receipt, Cancellation));
                });
                foreach (var sameNonce in (await Task.WhenAll(appends)).GroupBy(static append => append.Nonce, StringComparer.Ordinal))
                {
                    var winner = Assert.Single(sameNonce, static append => append.Outcome.Status == AppendStatus.Appended);
                    Assert.All(sameNonce.Where(append => append != winner), append => Assert.Equal(
                        string.Equals(append.Content, winner.Content, StringComparison.Ordinal) ? (AppendStatus.Replayed, winner.Outcome.Sequence) : (AppendStatus.Conflict, 0),
                        (append.Outcome.Status, append.Outcome.Sequence)));
                }
            },
            iter: 100);

        Assert.Null(store.VerifyChain(store.Head, Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_IdOfAnotherReceipt_FailsAloneInItsBatch()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("taken"), Cancellation);
        Task<AppendOutcome>[] batch;
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            batch =
            [
                store.AppendReceiptAsync(Samples.Receipt("r1"), Cancellation),
                store.AppendReceiptAsync(Samples.Receipt("taken", nonce: "other"), Cancellation),
                store.AppendReceiptAsync(Samples.Receipt("r2"), Cancellation),
            ];
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        var refusal = await Assert.ThrowsAsync<LedgerException>(() => batch[1]);

        Assert.Equal(LedgerFault.Conflict, refusal.Fault);
        Assert.Equal(Receipts.FirstCount + Receipts.NextCount, (await batch[0]).Sequence);
        Assert.Equal(Receipts.FirstCount + (2 * Receipts.NextCount), (await batch[2]).Sequence);
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
        Assert.Equal(LedgerState.Healthy, store.Health.State);
    }

    [Fact]
    public async Task AppendReceipt_CancelledWhileWaiting_IsWrittenAllTheSame()
    {
        await using var store = _ledger.Open();
        using var impatience = new CancellationTokenSource();
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
        var append = store.AppendReceiptAsync(Samples.Receipt("r1"), impatience.Token);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        TemporaryLedger.Run(outside, "ROLLBACK");
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);

        Assert.NotNull(store.GetReceipt("r1"));
    }

    [Fact]
    public async Task AppendReceipt_CancelledBefore_IsNotWritten()
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendReceiptAsync(Samples.Receipt("r1"), new CancellationToken(canceled: true)));
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);

        Assert.Null(store.GetReceipt("r1"));
    }

    [Fact]
    public async Task AppendReceipt_OutOfBounds_Throws()
    {
        await using var store = _ledger.Open();

        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendReceiptAsync(Samples.Receipt("r1", nonce: ""), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendReceiptAsync(Samples.Receipt("r1", nonce: new string('n', 257)), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendReceiptAsync(Samples.Receipt("r1", nonce: "\ud800"), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendReceiptAsync(Samples.Receipt("r1", envelope: ""), Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendReceiptAsync(Samples.Receipt("r1", envelope: new string('e', 1_048_577)), Cancellation));

        await store.AppendReceiptAsync(Samples.Receipt("r1", nonce: new string('n', 256), envelope: new string('e', 1_048_576)), Cancellation);
        Assert.Equal(Receipts.FirstCount, store.Health.RecordCount);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(-1, AppendStatus.Replayed)]
    [InlineData(0, AppendStatus.Appended)]
    public async Task AppendReceipt_NonceOfLongAgo_LapsesAtTheTick(long ticks, AppendStatus status)
    {
        await using var store = _ledger.Open();
        var first = Samples.Receipt("r1", nonce: "n");
        await store.AppendReceiptAsync(first, Cancellation);
        var later = first.SignedAt + IdempotencyRules.KeyLifetime + TimeSpan.FromTicks(ticks);

        var outcome = await store.AppendReceiptAsync(LaterDraft("r2", later), Cancellation);

        Assert.Equal(status, outcome.Status);
        Assert.Equal(status == AppendStatus.Appended ? "r2" : "r1", store.FindByNonce(first.IdempotencyScope, "n")?.Record.ReceiptId);
        Assert.Equal("r1", store.GetReceipt("r1")?.Record.ReceiptId);
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task AppendReceipt_NonceOfLongAgoWithOtherContent_IsFreeToo()
    {
        await using var store = _ledger.Open();
        var first = Samples.Receipt("r1", nonce: "n");
        await store.AppendReceiptAsync(first, Cancellation);

        var soon = await store.AppendReceiptAsync(LaterDraft("r2", first.SignedAt, "other"), Cancellation);
        var late = await store.AppendReceiptAsync(LaterDraft("r3", first.SignedAt + IdempotencyRules.KeyLifetime, "other"), Cancellation);

        Assert.Equal((AppendStatus.Conflict, AppendStatus.Appended), (soon.Status, late.Status));
    }

    private static ReceiptDraft LaterDraft(string id, DateTimeOffset at, string request = "request")
    {
        var record = Samples.Receipt(id, nonce: "n", request: request);
        var draft = Receipts.DraftOf(record);
        return new ReceiptDraft
        {
            Run = draft.Run,
            Nonce = draft.Nonce,
            RequestFingerprint = draft.RequestFingerprint,
            NewEvent = draft.NewEvent with { RecordedAt = at },
            Spans = draft.Spans,
            Sign = draft.Sign,
        };
    }
}
