using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Ledger.Tests;

public sealed class FaultTests : IDisposable
{
    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Append_SizeLimitReached_FailsAndKeepsEverythingAcknowledged()
    {
        var store = TemporaryLedger.Open(_ledger.Settings with { SizeMaxBytes = 1024 * 1024 });

        var acknowledged = await AppendUntilRefusedAsync(store);
        var health = store.Health;
        await store.DisposeAsync();

        Assert.Equal(LedgerState.Failing, health.State);
        Assert.Equal(SQLitePCL.raw.SQLITE_FULL, health.LastErrorCode);
        await AssertAllThereAsync(acknowledged);
    }

    [Fact]
    public async Task Append_DiskFull_FailsAndRecoversWhenThereIsRoom()
    {
        Directory.CreateDirectory(_ledger.DirectoryPath);
        var isMounted = Environment.IsPrivilegedProcess
            && await RunAsync("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", _ledger.DirectoryPath) == 0;
        Assert.SkipUnless(isMounted, "no small file system can be mounted here");
        try
        {
            await FillDiskAsync();
        }
        finally
        {
            await RunAsync("umount", _ledger.DirectoryPath);
        }
    }

    [Fact]
    public async Task Append_FileLockedByAnotherProgram_FailsAfterTheBusyTimeoutAndRecovers()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");

        var refusal = await Assert.ThrowsAsync<LedgerException>(() => store.AppendRefusalAsync(Samples.Refusal(), Cancellation));
        var failing = store.Health;
        TemporaryLedger.Run(outside, "ROLLBACK");
        await store.AppendRefusalAsync(Samples.Refusal(), Cancellation);

        Assert.Equal(LedgerFault.Unavailable, refusal.Fault);
        Assert.Equal(LedgerState.Failing, failing.State);
        Assert.Equal(SQLitePCL.raw.SQLITE_BUSY, failing.LastErrorCode);
        Assert.Equal(LedgerState.Healthy, store.Health.State);
        Assert.Equal(1, store.Health.RecordCount);
        Assert.Null(store.VerifyChain(cancellation: Cancellation));
    }

    [Fact]
    public async Task GetReceipt_BytesChangedInTheFile_IsRefused()
    {
        await using var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("r1", nonce: "n1", envelope: "signed"), Cancellation);
        await store.AppendReceiptAsync(Samples.Receipt("r2", nonce: "n2"), Cancellation);
        _ledger.Tamper("UPDATE record SET content = CAST(replace(CAST(content AS TEXT), 'signed\"', 'sigmed\"') AS BLOB) WHERE kind = 1");

        var byId = Assert.Throws<LedgerException>(() => store.GetReceipt("r1"));
        var byNonce = Assert.Throws<LedgerException>(() => store.FindByNonce(Samples.Receipt("r1").IdempotencyScope, "n1"));

        Assert.Equal((LedgerFault.Corrupt, LedgerFault.Corrupt), (byId.Fault, byNonce.Fault));
        Assert.NotNull(store.GetReceipt("r2"));
    }

    [Fact]
    public async Task Open_IndexThatLostAKey_IsRefused()
    {
        var store = _ledger.Open();
        await store.AppendReceiptAsync(Samples.Receipt("receipt-of-the-index"), Cancellation);
        await store.DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(_ledger.DatabasePath, Cancellation);
        // Of record, table and index, the index stands last in a file this small.
        bytes[bytes.AsSpan().LastIndexOf("receipt-of-the-index"u8)] ^= 1;
        await File.WriteAllBytesAsync(_ledger.DatabasePath, bytes, Cancellation);

        var refusal = Assert.Throws<LedgerException>(_ledger.Open);

        Assert.Equal(LedgerFault.Corrupt, refusal.Fault);
        Assert.Contains(_ledger.DatabasePath, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_QueueFull_IsRefusedAtOnceAndTheOthersAreWritten()
    {
        await using var store = TemporaryLedger.Open(_ledger.Settings with { QueueCapacity = 8, BatchSizeMax = 1 });
        List<Task<long>> appends;
        using (var outside = _ledger.OpenRaw())
        {
            TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
            appends = [.. Enumerable.Range(0, 20).Select(_ => store.AppendRefusalAsync(Samples.Refusal(), Cancellation))];
            Assert.InRange(appends.Count(static append => append.IsFaulted), 11, 12);
            Assert.InRange(store.Health.QueueLength, 7, 8);
            TemporaryLedger.Run(outside, "ROLLBACK");
        }

        var taken = appends.Where(static append => !append.IsFaulted).ToList();
        await Task.WhenAll(taken);
        foreach (var refused in appends.Except(taken))
        {
            Assert.Equal(LedgerFault.Overloaded, (await Assert.ThrowsAsync<LedgerException>(() => refused)).Fault);
        }

        Assert.Equal(taken.Count, store.Health.RecordCount);
    }

    [Fact]
    public async Task Dispose_AppendsWaiting_WritesThemAll()
    {
        var store = _ledger.Open();
        var appends = Enumerable.Range(0, 2000).Select(_ => store.AppendRefusalAsync(Samples.Refusal(), Cancellation)).ToList();

        await store.DisposeAsync();
        await store.DisposeAsync();

        Assert.Equal(2000, (await Task.WhenAll(appends)).Distinct().Count());
        Assert.False(File.Exists(_ledger.DatabasePath + "-wal"));
        await using var reopened = _ledger.Open();
        Assert.Equal(2000, reopened.Health.RecordCount);
    }

    [Fact]
    public async Task Dispose_DiskDoesNotAnswer_LeavesNoWaiterWaiting()
    {
        var time = new FakeTimeProvider();
        var settings = _ledger.Settings with { BatchSizeMax = 1, BusyTimeout = TimeSpan.FromSeconds(60) };
        var store = LedgerStore.Open(settings, time, NullLogger.Instance);
        using var outside = _ledger.OpenRaw();
        TemporaryLedger.Run(outside, "BEGIN IMMEDIATE");
        var appends = Enumerable.Range(0, 10).Select(_ => store.AppendRefusalAsync(Samples.Refusal(), Cancellation)).ToList();

        var closing = store.DisposeAsync();
        time.Advance(settings.DrainTimeout);
        await closing;

        foreach (var append in appends)
        {
            await Assert.ThrowsAsync<LedgerException>(() => append);
        }

        TemporaryLedger.Run(outside, "ROLLBACK");
    }

    [Fact]
    public async Task AnyCall_Closed_IsRefused()
    {
        var store = _ledger.Open();
        await store.DisposeAsync();

        var append = await Assert.ThrowsAsync<LedgerException>(() => store.AppendRefusalAsync(Samples.Refusal(), Cancellation));
        var read = Assert.Throws<LedgerException>(() => store.GetReceipt("r1"));

        Assert.Equal((LedgerFault.Closed, LedgerFault.Closed), (append.Fault, read.Fault));
        Assert.Equal(LedgerState.Closed, store.Health.State);
    }

    // Until a whole round is refused: a round may be split into batches, and a small one may still fit after a large one did not.
    private static async Task<List<ReceiptRecord>> AppendUntilRefusedAsync(LedgerStore store)
    {
        const int RoundSize = 16;
        var acknowledged = new List<ReceiptRecord>();
        for (var first = 0; ; first += RoundSize)
        {
            var receipts = Enumerable.Range(first, RoundSize)
                .Select(static number => Samples.Receipt("r" + number.ToString(CultureInfo.InvariantCulture), envelope: new string('e', 2000)))
                .ToList();
            var appends = receipts.ConvertAll(receipt => store.AppendReceiptAsync(receipt, Cancellation));
            for (var index = 0; index < appends.Count; index++)
            {
                try
                {
                    await appends[index];
                    acknowledged.Add(receipts[index]);
                }
                catch (LedgerException refusal)
                {
                    Assert.Equal(LedgerFault.Unavailable, refusal.Fault);
                }
            }

            if (appends.TrueForAll(static append => append.IsFaulted))
            {
                return acknowledged;
            }
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true });
        Assert.NotNull(process);
        await process.WaitForExitAsync(Cancellation);
        return process.ExitCode;
    }

    private async Task FillDiskAsync()
    {
        var ballast = Path.Combine(_ledger.DirectoryPath, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[512 * 1024], Cancellation);
        var store = _ledger.Open();
        var acknowledged = await AppendUntilRefusedAsync(store);
        Assert.Equal(LedgerState.Failing, store.Health.State);

        File.Delete(ballast);
        var late = Samples.Receipt("late");
        await store.AppendReceiptAsync(late, Cancellation);
        Assert.Equal(LedgerState.Healthy, store.Health.State);
        await store.DisposeAsync();

        acknowledged.Add(late);
        await AssertAllThereAsync(acknowledged);
    }

    private async Task AssertAllThereAsync(List<ReceiptRecord> acknowledged)
    {
        await using var reopened = _ledger.Open();
        Assert.NotEmpty(acknowledged);
        Assert.All(acknowledged, receipt => Samples.AssertSame(receipt, reopened.GetReceipt(receipt.ReceiptId)?.Record));
        Assert.Null(reopened.VerifyChain(cancellation: Cancellation));
    }
}
