using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Ledger.Tests;

/// <summary>A disk that does not answer: another program holds the file's lock, and the writer's thread stands still in its commit.</summary>
public sealed class StallTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Append_CommitDoesNotEnd_IsGivenUpThenRefusedAtOnceAndRecoversByItself()
    {
        var settings = _ledger.Settings with
        {
            BusyTimeout = TimeSpan.FromSeconds(60),
            AppendTimeout = TimeSpan.FromSeconds(2),
            StallTimeout = TimeSpan.FromMilliseconds(100),
        };
        await using var store = TemporaryLedger.Open(settings);
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");

        var first = store.AppendReceiptAsync(Samples.Receipt("r1"), Cancellation);
        var givenUp = await Assert.ThrowsAsync<LedgerException>(() => first);
        var stalled = store.Health;
        var second = store.AppendReceiptAsync(Samples.Receipt("r2"), Cancellation);
        var isRefusedAtOnce = second.IsFaulted;
        var read = store.GetReceipt("r1");
        var revocation = store.Revocations.AppendAsync(Samples.Revocation("v1"), Cancellation);
        TemporaryLedger.Run(outside, "ROLLBACK");

        Assert.Equal(RevokeStatus.Revoked, (await revocation).Status);
        Assert.Equal(LedgerFault.Unavailable, givenUp.Fault);
        Assert.Equal(LedgerFault.Unavailable, (await Assert.ThrowsAsync<LedgerException>(() => second)).Fault);
        Assert.Equal((LedgerState.Stalled, true), (stalled.State, isRefusedAtOnce));
        Assert.True(stalled.CommitUnderWayFor > settings.StallTimeout);
        Assert.Null(read);

        // What was given up came to disk all the same: asking again with its nonce finds it.
        Assert.Equal(AppendStatus.Replayed, (await store.AppendReceiptAsync(Samples.Receipt("again", nonce: "nonce-r1"), Cancellation)).Status);
        Assert.Equal(AppendStatus.Appended, (await store.AppendReceiptAsync(Samples.Receipt("r2"), Cancellation)).Status);
        Assert.Equal((LedgerState.Healthy, TimeSpan.Zero), (store.Health.State, store.Health.CommitUnderWayFor));
        Assert.True(store.Health.AppendsPerSecond > 0);
    }

    [Fact]
    public async Task AppendRevocation_QueueFull_IsTakenAndGoesBeforeAllThatWaits()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { QueueCapacity = 8, BatchSizeMax = 1, BusyTimeout = TimeSpan.FromSeconds(60) });
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
        var receipts = Enumerable.Range(0, 20).Select(_ => store.AppendRefusalAsync(Samples.Refusal(), Cancellation)).ToList();

        var revocation = store.Revocations.AppendAsync(Samples.Revocation("v1"), Cancellation);
        TemporaryLedger.Run(outside, "ROLLBACK");

        Assert.Equal(RevokeStatus.Revoked, (await revocation).Status);
        await Task.WhenAll(receipts.Where(static append => !append.IsFaulted));
        Assert.Contains(receipts, static append => append.IsFaulted);
        var kinds = store.ReadRecords(1, 100).Select(static record => record.Kind).ToList();

        // The writer may have had one item in its hands, and none more.
        Assert.InRange(kinds.IndexOf(RecordKind.Revocation), 0, 1);
    }

    [Fact]
    public async Task AppendRevocation_ItsOwnLineFull_IsRefused()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { UrgentQueueCapacity = 2, BatchSizeMax = 1, BusyTimeout = TimeSpan.FromSeconds(60) });
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");

        var revocations = Enumerable.Range(0, 8).Select(number => store.Revocations.AppendAsync(Samples.Revocation($"v{number}", $"jti-{number}"), Cancellation)).ToList();
        var refused = revocations.Where(static append => append.IsFaulted).ToList();
        TemporaryLedger.Run(outside, "ROLLBACK");

        Assert.InRange(refused.Count, 5, 6);
        Assert.Equal(LedgerFault.Overloaded, (await Assert.ThrowsAsync<LedgerException>(() => refused[0])).Fault);
        await Task.WhenAll(revocations.Except(refused));
    }

    [Fact]
    public async Task Open_RecordsThere_GivesTheTimeOfTheNewest()
    {
        await using (var store = _ledger.Open())
        {
            Assert.Null(store.Health.NewestAtOpening);
            await store.Revocations.AppendAsync(Samples.Revocation("v1") with { RevokedAt = Samples.Instant.AddHours(1) }, Cancellation);
            await store.AppendReceiptAsync(Samples.Receipt("r1"), Cancellation);
        }

        await using var reopened = LedgerStore.Open(_ledger.Settings, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(Samples.Instant.AddHours(1), reopened.Health.NewestAtOpening);
    }
}
