using System.Diagnostics;
using System.Globalization;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Tests;

/// <summary>Kills a process in the middle of its appends and looks for everything that it was told is on disk.</summary>
public sealed class CrashTests : IDisposable
{
    private const string DirectoryVariable = "CLAWPDP_LEDGER_CRASH_DIRECTORY";

    private readonly TemporaryLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string AcknowledgedPath => _ledger.DirectoryPath + ".acknowledged";

    public void Dispose()
    {
        File.Delete(AcknowledgedPath);
        _ledger.Dispose();
    }

    [Fact]
    public async Task Append_ProcessKilled_LosesNothingAcknowledged()
    {
        const int KillCount = 4;
        for (var round = 1; round <= KillCount; round++)
        {
            await KillAfterAsync(acknowledgedCount: round * 700);

            await using var store = _ledger.Open();
            var acknowledged = await ReadAcknowledgedAsync();
            Assert.All(acknowledged, id => Assert.NotNull(store.GetReceipt(id)));
            Assert.All(acknowledged, id => Assert.True(store.IsApprovalUsed(id)));
            Assert.Equal(acknowledged.Count, acknowledged.Distinct(StringComparer.Ordinal).Count());
            Assert.True(store.Health.RecordCount >= acknowledged.Count);
            Assert.Null(store.VerifyChain(store.Head, Cancellation));
        }
    }

    /// <summary>The process that is killed; run by the test above alone.</summary>
    [Fact(Explicit = true)]
    public async Task CrashChild_AppendsUntilKilled()
    {
        var directoryPath = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directoryPath is null, "this is one half of another test");
        await using var store = TemporaryLedger.Open(new LedgerSettings { DirectoryPath = directoryPath });
        await using var output = new FileStream(
            directoryPath + ".acknowledged",
            new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 });
        using var turns = new SemaphoreSlim(1);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => AppendForeverAsync(store, output, turns)));
    }

    private static async Task AppendForeverAsync(LedgerStore store, FileStream output, SemaphoreSlim turns)
    {
        while (!Cancellation.IsCancellationRequested)
        {
            var id = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
            await store.AppendReceiptAsync(Samples.Receipt(id), Cancellation);
            var approval = Samples.Document(DocumentRecord.HumanApproval, id);
            await store.AppendDecisionAsync(Samples.Decision("approved-" + id) with { ApprovalHash = id }, approval, Cancellation);
            _ = store.TryEnqueueDecision(Samples.Decision(id));
            await turns.WaitAsync(Cancellation);
            await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(id + "\n"), Cancellation);
            turns.Release();
        }
    }

    private async Task KillAfterAsync(int acknowledgedCount)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ClawPdp.Ledger.Tests");
        var method = $"{typeof(CrashTests).FullName}.{nameof(CrashChild_AppendsUntilKilled)}";
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", method])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[DirectoryVariable] = _ledger.DirectoryPath;
        using var child = Process.Start(start);
        Assert.NotNull(child);
        try
        {
            await WaitForLinesAsync(acknowledgedCount, child);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    private async Task WaitForLinesAsync(int count, Process child)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!File.Exists(AcknowledgedPath) || (await ReadAcknowledgedAsync()).Count < count)
        {
            Assert.False(child.HasExited, "the process ended before it was killed");
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    // The last line may be cut by the kill; a record that is only half reported was not reported.
    private async Task<List<string>> ReadAcknowledgedAsync()
    {
        await using var input = new FileStream(AcknowledgedPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(input);
        var lines = (await reader.ReadToEndAsync(Cancellation)).Split('\n');
        return [.. lines[..^1]];
    }
}
