using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Ledger.Tests;

public sealed class RecordTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task AppendIssuance_Reopened_IsFoundByTokenHash()
    {
        var expected = Samples.Issuance("iss_1", new string('b', 64));
        var store = _ledger.Open();
        await store.AppendIssuanceAsync(expected, Cancellation);
        await store.DisposeAsync();

        await using var reopened = _ledger.Open();
        var actual = reopened.GetIssuance(new string('b', 64));

        Assert.NotNull(actual);
        Assert.Equal(
            (expected.IssuanceId, expected.TokenHash, expected.TokenId, expected.Subject, expected.OwnerRef, expected.KeyId),
            (actual.IssuanceId, actual.TokenHash, actual.TokenId, actual.Subject, actual.OwnerRef, actual.KeyId));
        Assert.Equal(
            (expected.PolicyHash, expected.MissionId, expected.TokenScopeHash, expected.IssuedAt, expected.ExpiresAt),
            (actual.PolicyHash, actual.MissionId, actual.TokenScopeHash, actual.IssuedAt, actual.ExpiresAt));
        Assert.Equal(expected.EnvelopeJson.ToArray(), actual.EnvelopeJson.ToArray());
        Assert.Null(reopened.GetIssuance(new string('c', 64)));
    }

    [Fact]
    public async Task AppendIssuance_TokenHashTaken_IsAConflict()
    {
        await using var store = _ledger.Open();
        await store.AppendIssuanceAsync(Samples.Issuance("iss_1", "hash"), Cancellation);

        var refusal = await Assert.ThrowsAsync<LedgerException>(() => store.AppendIssuanceAsync(Samples.Issuance("iss_2", "hash"), Cancellation));

        Assert.Equal(LedgerFault.Conflict, refusal.Fault);
        Assert.Equal(1, store.Health.RecordCount);
    }

    [Fact]
    public async Task SetMeta_Reopened_GivesTheLatestValue()
    {
        var store = _ledger.Open();
        Assert.Null(store.GetMeta("installation_salt"));
        await store.SetMetaAsync("installation_salt", "first", Cancellation);
        await store.SetMetaAsync("installation_salt", "second", Cancellation);
        await store.DisposeAsync();

        await using var reopened = _ledger.Open();

        Assert.Equal("second", reopened.GetMeta("installation_salt"));
    }

    [Fact]
    public async Task AppendRefusalAndDecision_GiveGaplessSequences()
    {
        await using var store = _ledger.Open();

        Assert.Equal(1, await store.AppendRefusalAsync(Samples.Refusal(), Cancellation));
        Assert.Equal(2, await store.AppendDecisionAsync(Samples.Decision("dec_1") with { Mode = "durable" }, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendDecisionAsync(Samples.Decision(new string('d', 131_073)), Cancellation));
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task TryEnqueueDecision_Closed_WasWrittenBefore()
    {
        var store = _ledger.Open();
        for (var index = 0; index < 1000; index++)
        {
            Assert.True(store.TryEnqueueDecision(Samples.Decision("dec_" + index.ToString(CultureInfo.InvariantCulture))));
        }

        await store.DisposeAsync();
        Assert.False(store.TryEnqueueDecision(Samples.Decision("late")));
        Assert.Equal(1, store.Health.DecisionsLost);

        await using var reopened = _ledger.Open();
        Assert.Equal(1000, reopened.Health.RecordCount);
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task TryEnqueueDecision_LineFull_IsLostAndCounted()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { DecisionQueueCapacity = 4, BatchSizeMax = 1, DecisionBatchSizeMax = 1 });
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            var taken = Enumerable.Range(0, 20).Count(_ => store.TryEnqueueDecision(Samples.Decision("dec")));
            TemporaryLedger.Run(outside, "ROLLBACK");

            Assert.InRange(taken, 4, 5);
            Assert.Equal(20 - taken, store.Health.DecisionsLost);
        }
    }

    [Fact]
    public async Task TryEnqueueDecision_TooLong_IsLostAndCounted()
    {
        await using var store = _ledger.Open();

        Assert.False(store.TryEnqueueDecision(Samples.Decision(new string('d', 131_073))));
        Assert.True(store.TryEnqueueDecision(Samples.Decision("dec_1")));
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);
        await store.DisposeAsync();

        Assert.Equal(1, store.Health.DecisionsLost);
        Assert.Equal(2, store.Health.RecordCount);
    }

    [Fact]
    public async Task Health_AfterACommit_SaysWhen()
    {
        var time = new FakeTimeProvider(Samples.Instant);
        await using var store = LedgerStore.Open(_ledger.Settings, time, NullLogger.Instance);

        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);

        Assert.Equal(Samples.Instant, store.Health.LastCommitAt);
        Assert.Equal(0, store.Health.LastErrorCode);
    }
}
