using System.Globalization;
using ClawPdp.EndToEnd.Tests.Crash;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>
/// A power failure: the file system is cut off its disk under load, and what was not flushed is gone. A killed process alone would not
/// show a flush that is missing, as the kernel keeps what it wrote.
/// </summary>
[Collection(BreakingTests.Name)]
public sealed class PowerCutTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task PowerCut_UnderLoad_LosesNothingThatWasAcknowledged()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(isDurable: true);
        await using var disk = await LoopDisk.CreateAsync(home);
        var ledger = new LedgerFile(home.Ledger);
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            await using var sidecar = await home.StartAsync();
            var told = await LoadAndCutAsync(sidecar, home, disk, random, round);

            await using var restarted = await home.StartAsync();
            await RecoveryCheck.AssertKeepsAsync(restarted, told);
            ledger.Walk();
            Assert.Empty(told.Surprises);
            Assert.Empty(told.DurableDecisions.Except(ledger.Decisions, StringComparer.Ordinal));
            await restarted.Process.KillAsync();
        }
    }

    // Without this nobody would know that the cut takes anything.
    [Fact]
    public async Task PowerCut_OfADiskThatOnlySaysItFlushes_LosesWhatWasAcknowledged()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(isDurable: true);
        await using var disk = await LoopDisk.CreateAsync(home);
        using var shim = await FaultShim.CreateAsync(home);
        await using var sidecar = await home.StartAsync(shim.Environment);
        shim.Flushes(FlushMode.Lies);
        var told = await LoadAndCutAsync(sidecar, home, disk, new Random(1), round: 0);

        Assert.Contains("", await KeptAsync(home, told));
    }

    // Where the published log was written in time and the ledger was not, the sidecar finds that and does not start.
    private static async Task<IReadOnlyList<string>> KeptAsync(SidecarHome home, Acknowledgements told)
    {
        try
        {
            await using var restarted = await home.StartAsync();
            var kept = await Task.WhenAll(told.Receipts.Select(item => restarted.EnvelopeAsync(item.Receipt.ReceiptId)));
            await restarted.Process.KillAsync();
            return kept;
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("the ledger was set back", StringComparison.Ordinal))
        {
            return [""];
        }
    }

    private static async Task<Acknowledgements> LoadAndCutAsync(LiveSidecar sidecar, SidecarHome home, LoopDisk disk, Random random, int round)
    {
        var told = new Acknowledgements(notifyAt: 60 + random.Next(100));
        var load = await CrashLoad.PrepareAsync(sidecar, home, told, string.Create(CultureInfo.InvariantCulture, $"run-{round}"));
        var running = load.RunAsync(random);
        await Task.WhenAny(told.Reached, Task.Delay(TimeSpan.FromSeconds(10)));
        load.End();
        // A machine without power tells nobody anything. Here the process lives on for a moment, and a flush that waits while the kernel
        // gives the journal up is told that it succeeded.
        told.Close();
        await disk.CutOffAsync();
        await sidecar.Process.KillAsync();
        await running;
        await sidecar.DisposeAsync();
        await disk.RepairAsync();
        return told;
    }
}
