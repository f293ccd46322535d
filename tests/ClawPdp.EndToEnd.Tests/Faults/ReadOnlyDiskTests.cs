using ClawPdp.V1;
using Grpc.Health.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A disk that nothing can be written to.</summary>
[Collection(BreakingTests.Name)]
public sealed class ReadOnlyDiskTests
{
    private const string Run = "run-read-only";

    [Fact]
    public async Task Writes_ThatAreRefusedAsReadOnly_AreToldAndServedAgainLater()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        using var shim = await FaultShim.CreateAsync(home);
        await using var sidecar = await home.StartAsync(shim.Environment);
        var token = await sidecar.IssueAsync();
        var kept = (await sidecar.SignAsync(token, Run, "before")).Receipt;
        shim.WritesFail(FaultShim.ReadOnlyFileSystem);

        Assert.Equal(ReasonCode.LedgerUnavailable, await sidecar.SignReasonAsync(token, Run, "during"));
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await sidecar.HealthAsync());
        Assert.Equal(kept.EnvelopeJson.ToStringUtf8(), await sidecar.EnvelopeAsync(kept.ReceiptId));

        shim.WritesFail(0);
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, Run, "during"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await sidecar.HealthAsync());
    }

    [Fact]
    public async Task FileSystem_ThatTheKernelMadeReadOnly_KeepsWhatWasAcknowledged()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var disk = await LoopDisk.CreateAsync(home);
        await using var sidecar = await home.StartAsync();
        var token = await sidecar.IssueAsync();
        var kept = (await sidecar.SignAsync(token, Run, "before")).Receipt;

        await disk.FailAsync();
        Assert.Equal(ReasonCode.LedgerUnavailable, await sidecar.SignReasonAsync(token, Run, "during"));
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
        Assert.Equal(kept.EnvelopeJson.ToStringUtf8(), await sidecar.EnvelopeAsync(kept.ReceiptId));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await sidecar.HealthAsync());

        await sidecar.Process.TerminateAsync();
        await sidecar.Process.EndOrKillAsync(TimeSpan.FromSeconds(20));
        var (code, output) = await home.StartInVainAsync();
        AssertRefusedWithALine(home, code, output);

        await disk.RepairAsync();
        await using var restarted = await home.StartAsync();
        Assert.Equal(kept.EnvelopeJson.ToStringUtf8(), await restarted.EnvelopeAsync(kept.ReceiptId));
        Assert.Equal(ReasonCode.Allowed, await restarted.SignReasonAsync(token, Run, "during"));
        await restarted.Process.KillAsync();
    }

    [Fact]
    public async Task Start_OnAReadOnlyFileSystem_IsRefusedWithALine()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var disk = await MountNamespace.CreateAsync(home.Disk, sizeMegabytes: 8);
        await using var first = await home.StartUnderAsync(disk.Enter);
        var token = await first.IssueAsync();
        await first.Process.KillAsync();
        await first.DisposeAsync();

        await disk.RemountAsync("ro");
        var (code, output) = await ChildProcess.RunAsync(disk.Enter[0], [.. disk.Enter[1..], PublishedSidecar.Binary, .. home.ServeArguments]);
        AssertRefusedWithALine(home, code, output);

        await disk.RemountAsync("rw");
        await using var second = await home.StartUnderAsync(disk.Enter);
        Assert.Equal(ReasonCode.Allowed, (await second.AskAsync(token)).ReasonCode);
    }

    private static void AssertRefusedWithALine(SidecarHome home, int code, string output)
    {
        Assert.NotEqual(0, code);
        Assert.Contains(home.Data, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
