using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>The archive as docs/install.md says: checked, unpacked, its configuration looked at, served.</summary>
public sealed class InstallPageTests
{
    [Fact]
    public async Task Page_Archive_IsCheckedUnpackedAndServes()
    {
        await using var home = new SidecarHome();
        var (target, release) = (Path.Combine(home.Folder, "opt"), Path.Combine(home.Folder, "release"));
        Directory.CreateDirectory(target);
        Directory.CreateDirectory(release);
        var (packed, errors) = await PageShell.RunAsync(
            "tar -cf - --transform 's,^\\.,clawpdp-1.0.0-linux-x64,' -C \"$(dirname \"$CLAWPDP\")\" . | gzip -1 > clawpdp-1.0.0-linux-x64.tar.gz && sha256sum clawpdp-* > SHA256SUMS", release);
        Assert.True(packed == 0, errors);
        var lines = DocumentedBlock.Read("docs/install.md sh 1")
            .Replace("/opt", target, StringComparison.Ordinal)
            .Replace("/etc/clawpdp/clawpdp.json", home.ConfigPath, StringComparison.Ordinal)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var (code, output) = await PageShell.RunAsync(string.Join('\n', lines[..^1]), release);
        Assert.True(code == 0, output);
        Assert.Contains("clawpdp-1.0.0-linux-x64.tar.gz: OK", output, StringComparison.Ordinal);
        await using var served = await LiveSidecar.ReadyAsync(ChildProcess.Launch("bash", ["-euc", $"exec {lines[^1]}"], SidecarHome.ReadyMark, []), home);
        var token = await served.IssueAsync();

        Assert.Equal(V1.ReasonCode.Allowed, (await served.AskAsync(token)).ReasonCode);
        await served.Process.TerminateAsync();
        Assert.Equal(0, await served.Process.EndAsync(TimeSpan.FromSeconds(20)));
    }
}
