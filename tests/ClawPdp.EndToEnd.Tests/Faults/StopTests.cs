using System.Diagnostics;
using ClawPdp.EndToEnd.Tests.Crash;
using Grpc.Core;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>The end of a process that is asked to end, and of one that must not begin.</summary>
[Collection(BreakingTests.Name)]
public sealed class StopTests
{
    // EX_TEMPFAIL of sysexits.h: not all that was under way is done.
    private const int UnfinishedCode = 75;

    // The drain's deadline, and what a slow machine needs beside it.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Terminate_UnderLoad_EndsInTimeAndKeepsWhatWasAcknowledged()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(isDurable: true);
        await using var sidecar = await home.StartAsync();
        var token = await sidecar.IssueAsync();
        var told = new Acknowledgements(notifyAt: 100);
        var load = await CrashLoad.PrepareAsync(sidecar, home, told, "run-stop");
        var running = load.RunAsync(new Random(1));
        await Task.WhenAny(told.Reached, Task.Delay(TimeSpan.FromSeconds(10)));
        var watch = Stopwatch.StartNew();

        load.End();
        await sidecar.Process.TerminateAsync();
        var code = await sidecar.Process.EndOrKillAsync(StopMax);
        await running;
        var late = await Assert.ThrowsAsync<RpcException>(() => sidecar.AskAsync(token));

        Assert.Equal(0, code);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, StopMax);
        Assert.Equal(StatusCode.Unavailable, late.StatusCode);
        Assert.Empty(told.Surprises);
        Assert.Contains("stopping", sidecar.Process.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(home.Ledger + "-wal"), "the write-ahead log was left behind");
        await using var restarted = await home.StartAsync();
        await RecoveryCheck.AssertKeepsAsync(restarted, told);
        var ledger = new LedgerFile(home.Ledger);
        ledger.Walk();
        Assert.Empty(told.DurableDecisions.Concat(told.AsynchronousDecisions).Except(ledger.Decisions, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Terminate_WhileTheDiskDoesNotAnswer_EndsInTimeAndLosesNothing()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        using var shim = await FaultShim.CreateAsync(home);
        await using var sidecar = await home.StartAsync(shim.Environment);
        var token = await sidecar.IssueAsync();
        var kept = (await sidecar.SignAsync(token, "run-stop", "before")).Receipt;
        shim.Flushes(FlushMode.Stalls);
        var stalled = Record.ExceptionAsync(() => sidecar.SignAsync(token, "run-stop", "during", TimeSpan.FromSeconds(40)));
        await LiveSidecar.UntilAsync(() => Task.FromResult(shim.FlushesWaiting > 0), "a flush that waits");

        await sidecar.Process.TerminateAsync();
        var code = await sidecar.Process.EndOrKillAsync(StopMax);
        _ = await stalled;
        shim.Flushes(FlushMode.Works);
        await using var restarted = await home.StartAsync();

        Assert.Equal(UnfinishedCode, code);
        Assert.Equal(kept.EnvelopeJson.ToStringUtf8(), await restarted.EnvelopeAsync(kept.ReceiptId));
        new LedgerFile(home.Ledger).Walk();
    }

    [Fact]
    public async Task Start_OfASecondProcess_IsRefusedWithALineAndLeavesTheFirstAlone()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var first = await home.StartAsync();
        var token = await first.IssueAsync();

        var (code, output) = await home.StartInVainAsync();

        Assert.Equal(78, code);
        Assert.Contains($"the data directory `{home.Data}` is in use by another process", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(V1.ReasonCode.Allowed, await first.SignReasonAsync(token, "run-first", "after"));
    }
}
