using System.Globalization;
using ClawPdp.EndToEnd.Tests.Crash;
using ClawPdp.V1;
using Grpc.Health.V1;

namespace ClawPdp.EndToEnd.Tests.Faults;

/// <summary>A disk with no space left: a small one that is filled.</summary>
[Collection(BreakingTests.Name)]
public sealed class FullDiskTests
{
    private const int SizeMegabytes = 8;
    private const int BallastBytes = 4 * 1024 * 1024;
    private const int ReceiptCountMax = 4000;
    private const int CallersMax = 16;
    private const int RefusalCount = 5;

    [Fact]
    public async Task Disk_WithoutSpace_IsToldAndServesAgainOnceThereIsSome()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var disk = await MountNamespace.CreateAsync(home.Disk, SizeMegabytes);
        var ballast = Path.Combine(disk.Root, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[BallastBytes]);
        await using var sidecar = await home.StartUnderAsync(disk.Enter);
        var token = await sidecar.IssueAsync();

        var (kept, refused) = await FillAsync(sidecar, token);
        // Small records still fit where a big one did not, until these do not either.
        await LiveSidecar.UntilAsync(async () => (await sidecar.TryIssueAsync()).Refusal?.ReasonCode == ReasonCode.LedgerUnavailable, "a disk that takes no token");
        await LiveSidecar.UntilAsync(() => IsAllowedWhileNotServingAsync(sidecar, token), "a disk that takes nothing");
        Assert.Equal(ReasonCode.LedgerUnavailable, await sidecar.SignReasonAsync(token, "run-full", refused));
        Assert.True(await IsAllowedWhileNotServingAsync(sidecar, token), sidecar.Process.Output);
        Assert.Contains("Ledger commit failed with SQLite result 13", sidecar.Process.Output, StringComparison.Ordinal);
        await AssertKeptAsync(sidecar, kept);

        File.Delete(ballast);
        var again = await sidecar.SignAsync(token, "run-full", refused);
        Assert.Equal((SignReceiptResponse.OutcomeOneofCase.Receipt, false), (again.OutcomeCase, again.Replayed));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await sidecar.HealthAsync());
        await LiveSidecar.UntilAsync(async () => await sidecar.HealthAsync("clawpdp.v1.AuditService") == HealthCheckResponse.Types.ServingStatus.Serving, "the log");

        await sidecar.Process.KillAsync();
        await sidecar.DisposeAsync();
        await using var restarted = await home.StartUnderAsync(disk.Enter);
        await AssertKeptAsync(restarted, [.. kept, again.Receipt]);
        await restarted.Process.TerminateAsync();
        Assert.Equal(0, await restarted.Process.EndOrKillAsync(TimeSpan.FromSeconds(20)));
        AssertChainHolds(home, disk);
    }

    [Fact]
    public async Task Start_OnADiskWithoutSpace_IsRefusedWithALineAndNoTrace()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome();
        await using var disk = await MountNamespace.CreateAsync(home.Disk, sizeMegabytes: 1);
        var ballast = Path.Combine(disk.Root, "ballast");
        Fill(ballast);

        var (code, output) = await ChildProcess.RunAsync(disk.Enter[0], [.. disk.Enter[1..], PublishedSidecar.Binary, .. home.ServeArguments]);
        File.Delete(ballast);
        await using var sidecar = await home.StartUnderAsync(disk.Enter);

        Assert.NotEqual(0, code);
        Assert.Contains(home.Data, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.NotEmpty(await sidecar.IssueAsync());
    }

    private static async Task<bool> IsAllowedWhileNotServingAsync(LiveSidecar sidecar, string token)
    {
        Assert.Equal(ReasonCode.Allowed, (await sidecar.AskAsync(token)).ReasonCode);
        return await sidecar.HealthAsync() == HealthCheckResponse.Types.ServingStatus.NotServing;
    }

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var count = 0; count < 1024; count++)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    // What is refused in a big commit may still fit in a small one: full is a disk that takes no receipt several times in a row.
    private static async Task<(List<SignedReceipt> Kept, string Refused)> FillAsync(LiveSidecar sidecar, string token)
    {
        var kept = new List<SignedReceipt>();
        var callers = CallersMax;
        var refusals = 0;
        for (var number = 0; number < ReceiptCountMax; number += callers)
        {
            var nonces = Enumerable.Range(number, callers).Select(static number => string.Create(CultureInfo.InvariantCulture, $"nonce-{number}")).ToArray();
            var answers = await Task.WhenAll(nonces.Select(nonce => sidecar.SignAsync(token, "run-full", nonce)));
            kept.AddRange(answers.Where(static answer => answer.OutcomeCase == SignReceiptResponse.OutcomeOneofCase.Receipt).Select(static answer => answer.Receipt));
            var refused = Array.FindIndex(answers, static answer => answer.OutcomeCase != SignReceiptResponse.OutcomeOneofCase.Receipt);
            if (refused < 0)
            {
                refusals = 0;
                continue;
            }

            Assert.Equal(ReasonCode.LedgerUnavailable, answers[refused].Refusal.ReasonCode);
            callers = 1;
            if (++refusals == RefusalCount)
            {
                return (kept, nonces[refused]);
            }
        }

        throw new InvalidOperationException("the disk was never full");
    }

    private static async Task AssertKeptAsync(LiveSidecar sidecar, List<SignedReceipt> kept)
    {
        foreach (var receipt in kept)
        {
            Assert.Equal(receipt.EnvelopeJson.ToStringUtf8(), await sidecar.EnvelopeAsync(receipt.ReceiptId));
        }
    }

    // SQLite would follow /proc/PID/root to this side of the mount.
    private static void AssertChainHolds(SidecarHome home, MountNamespace disk)
    {
        var copy = Path.Combine(home.Folder, "copy.db");
        File.Copy(Path.Combine(disk.Root, "data", "ledger.db"), copy);
        new LedgerFile(copy).Walk();
    }
}
