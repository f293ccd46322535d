using System.Diagnostics;
using ClawPdp.Ledger.Maintenance;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClawPdp.Ledger.Tests.Maintenance;

/// <summary>Kills a process in the middle of a pruning: there is the ledger as it was, or the pruned one.</summary>
public sealed class PruneCrashTests : IDisposable
{
    private const string DirectoryVariable = "CLAWPDP_LEDGER_PRUNE_DIRECTORY";
    private const string ThroughVariable = "CLAWPDP_LEDGER_PRUNE_THROUGH";

    private readonly OldLedger _ledger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Wal => _ledger.Files.DatabasePath + "-wal";

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public async Task Prune_ProcessKilled_LeavesTheOldStateOrTheNew()
    {
        var last = await _ledger.FillAsync(extraCount: 150);
        var whole = await File.ReadAllBytesAsync(_ledger.Files.DatabasePath, Cancellation);
        var outcomes = new List<bool>();
        // By how much of the transaction, and of the writing anew after it, has reached the write-ahead log.
        foreach (var part in (double[])[0, 0.01, 0.03, 0.1, 0.2, 0.3, 0.45, 0.6, 10])
        {
            foreach (var rest in Directory.EnumerateFiles(_ledger.Files.DirectoryPath, "ledger.db-*"))
            {
                File.Delete(rest);
            }

            await File.WriteAllBytesAsync(_ledger.Files.DatabasePath, whole, Cancellation);
            await KillWhenWrittenAsync(last, (long)(whole.Length * part));
            _ledger.AssertHolds();
            await using var store = _ledger.Files.Open();
            Assert.Null(store.VerifyChain(store.Head, Cancellation));
            var isPruned = store.Pruning.FindLast() is not null;
            Assert.Equal(isPruned, store.FindRun(OldLedger.FinishedRun) is null);
            Assert.NotNull(store.FindRun(OldLedger.OpenRun));
            outcomes.Add(isPruned);
        }

        Assert.False(outcomes[0]);
        Assert.True(outcomes[^1]);
    }

    /// <summary>The process that is killed; run by the test above alone.</summary>
    [Fact(Explicit = true)]
    public void CrashChild_Prunes()
    {
        var directoryPath = Environment.GetEnvironmentVariable(DirectoryVariable);
        Assert.SkipWhen(directoryPath is null, "this is one half of another test");
        using var pruner = LedgerPruner.Open(directoryPath, _ledger.Time, NullLogger.Instance);
        pruner.Prune(
            new PruneRequest
            {
                Before = OldLedger.Before,
                PublishedThrough = long.Parse(Environment.GetEnvironmentVariable(ThroughVariable) ?? "", System.Globalization.CultureInfo.InvariantCulture),
                Batches = [],
            },
            Cancellation);
        pruner.Compact();
    }

    private async Task KillWhenWrittenAsync(long last, long size)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "ClawPdp.Ledger.Tests");
        var start = new ProcessStartInfo(program, ["-explicit", "only", "-method", $"{typeof(PruneCrashTests).FullName}.{nameof(CrashChild_Prunes)}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[DirectoryVariable] = _ledger.Files.DirectoryPath;
        start.Environment[ThroughVariable] = last.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("not started");
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            while (!process.HasExited && !(File.Exists(Wal) && new FileInfo(Wal).Length >= size))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(60), "the pruning does not end");
                await timer.WaitForNextTickAsync(Cancellation);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            _ = await output;
        }
    }
}
