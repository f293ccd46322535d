using System.Buffers.Binary;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The demo's report as a browser shows it.</summary>
public sealed class ReportPageTests
{
    private const int Width = 1_000;
    private const int Height = 2_600;

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Report_InABrowserWithoutNetwork_IsAPage(string scheme)
    {
        var directory = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        var demo = Path.Combine(directory, "demo");
        await ChildProcess.RunAsync(PublishedSidecar.Binary, "demo", "--once", "--dir", demo);
        var picture = Pictures is { } folder ? Path.Combine(folder, $"report-{scheme}.png") : Path.Combine(directory, "report.png");

        await ShootAsync(Path.Combine(demo, "report.html"), picture, scheme, directory);
        var image = await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken);

        Assert.Equal((Width, Height), (BinaryPrimitives.ReadInt32BigEndian(image.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(image.AsSpan(20))));
        // A page without text or style is a few thousand bytes; this one, with some hundred lines of text, over a hundred thousand.
        Assert.InRange(image.Length, 100_000, 5_000_000);
        Directory.Delete(directory, recursive: true);
    }

    private static string? Pictures => Environment.GetEnvironmentVariable("SUITE_PICTURES");

    private static string Browser
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SUITE_CHROMIUM");
            Assert.SkipUnless(path is not null && File.Exists(path), "SUITE_CHROMIUM names no browser; ./test.sh installs one");
            return path ?? "";
        }
    }

    private static async Task ShootAsync(string page, string picture, string scheme, string directory)
    {
        string[] options =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={Path.Combine(directory, "browser")}", $"--window-size={Width},{Height}",
            $"--blink-settings=preferredColorScheme={(scheme == "dark" ? 0 : 1)}", $"--screenshot={picture}", new Uri(page).AbsoluteUri,
        ];
        var (code, output) = await ChildProcess.RunAsync(Browser, options);
        Assert.True(code == 0 && File.Exists(picture), output);
    }
}
