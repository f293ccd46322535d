using System.Text.RegularExpressions;
using ClawPdp.Documentation;

namespace ClawPdp.EndToEnd.Tests.Doors.Reference;

/// <summary>What docs/doors/reference.md shows, run as it stands there with curl.</summary>
public sealed partial class ReferencePageTests
{
    [Fact]
    public async Task Page_Commands_DoWhatTheySay()
    {
        await using var sidecar = await HttpSidecar.StartAsync("{}");

        var (code, output) = await sidecar.RunAsync(
            "bash", ["-euo", "pipefail", "-c", DocumentedBlock.Read("docs/doors/reference.md sh 1")], ("CST", await sidecar.IssueAsync("alice")));

        Assert.True(code == 0, output);
        var kids = KeyId().Matches(output).Select(static match => match.Value).Distinct(StringComparer.Ordinal);
        Assert.Single(kids);
        Assert.Contains("\"contract_version\":\"2\"", output, StringComparison.Ordinal);
        Assert.Contains("\"snapshot_version\":\"1\"", output, StringComparison.Ordinal);
        Assert.Contains("\"active\":true", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("kid\":\"[0-9a-f]{16}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyId();
}
