using System.Diagnostics;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tests.Json;

/// <summary>Our canonical form against that of another implementation, on values that neither has seen before.</summary>
public sealed class CanonicalFormTests
{
    private const int Count = 100_000;

    [Fact]
    public async Task WriteCanonical_RandomValues_EqualsAnotherImplementation()
    {
        var folder = Environment.GetEnvironmentVariable("SUITE_PROVIDERS");
        Assert.SkipUnless(folder is not null && Directory.Exists(Path.Combine(folder, "node_modules")), "SUITE_PROVIDERS names no installed packages; ./test.sh installs them");

        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "jcs-values.mjs"), $"{Count}", "20260101"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        }) ?? throw new InvalidOperationException("node did not start");
        var compared = 0;
        while (await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var parsed = JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(line[..tab]), 1 << 20);
            Assert.True(parsed.IsValid, line);
            Assert.Equal(line[(tab + 1)..], JsonWriter.CanonicalText(parsed.Value));
            compared++;
        }

        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, Count), (node.ExitCode, compared));
    }
}
