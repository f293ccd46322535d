using ClawPdp.Documentation;
using ClawPdp.EndToEnd.Tests.Doors;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>The commands of docs/holders.md as they stand there: from a key to a token that nobody else can use.</summary>
public sealed class HoldersPageTests
{
    [Fact]
    public async Task Page_FirstSuccess_GivesATokenThatItsKeyAloneCanUse()
    {
        var folder = Directory.CreateTempSubdirectory("clawpdp-pages-").FullName;
        await using var sidecar = await HttpSidecar.StartAsync("{}");
        var script = $"cd '{folder}'\nclawpdp() {{ \"$CLAWPDP\" \"$@\"; }}\n{DocumentedBlock.Read("docs/holders.md sh 1")}";

        var (code, output) = await sidecar.RunAsync("bash", ["-euo", "pipefail", "-c", script], ("ID_TOKEN", await sidecar.SignInAsync("alice")));

        Directory.Delete(folder, recursive: true);
        Assert.True(code == 0, output);
        Assert.Contains("github", output, StringComparison.Ordinal);
        Assert.Contains("nothing: TOKEN_PROOF_REQUIRED", output, StringComparison.Ordinal);
        Assert.Contains("without the key: nothing", output, StringComparison.Ordinal);
    }
}
