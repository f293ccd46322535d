using System.Globalization;
using System.Net;
using System.Text;

namespace ClawPdp.EndToEnd.Tests.Doors.Web;

/// <summary>What pages in a real browser can do with the HTTP port.</summary>
public sealed class BrowserTests
{
    // Sends what a page can send, and writes what it gets to see of the answers.
    private const string Script = """
        const url = new URLSearchParams(location.search).get('pdp') + '/clawpdp.v1.DecisionService/Authorize';
        const body = JSON.stringify({ tool: 'github' });
        const attempt = async (name, options) => {
          try {
            const answer = await fetch(url, { method: 'POST', body, ...options });
            return `${name} ${answer.type === 'opaque' ? 'opaque' : (await answer.json()).effect}`;
          } catch {
            return `${name} failed`;
          }
        };
        const seen = [
          await attempt('json', { headers: { 'content-type': 'application/json' } }),
          await attempt('simple', { headers: { 'content-type': 'text/plain' } }),
          await attempt('opaque', { mode: 'no-cors', headers: { 'content-type': 'application/json' } }),
        ];
        document.body.textContent = seen.join(', ');
        """;

    private static string Browser
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SUITE_CHROMIUM");
            Assert.SkipUnless(path is not null && File.Exists(path), "SUITE_CHROMIUM names no browser; ./test.sh installs one");
            return path ?? "";
        }
    }

    [Fact]
    public async Task Fetch_OfAPage_IsAnsweredOnlyWhereItsOriginIsAllowed()
    {
        var pages = new HttpListener();
        var origin = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpSidecar.FreePort()}");
        pages.Prefixes.Add(origin + "/");
        pages.Start();
        var serving = ServeAsync(pages);

        Assert.Equal("json EFFECT_DENY, simple failed, opaque opaque", await SeenAsync(origin, origin));
        Assert.Equal("json failed, simple failed, opaque opaque", await SeenAsync(origin, "https://console.example.com"));

        pages.Stop();
        await serving;
        ((IDisposable)pages).Dispose();
    }

    private static async Task<string> SeenAsync(string page, string allowed)
    {
        var folder = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        try
        {
            await using var sidecar = await HttpSidecar.StartAsync($$"""{ "connect": { "origins": ["{{allowed}}"] } }""");
            var (code, output) = await ChildProcess.RunAsync(
                Browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                $"--user-data-dir={folder}",
                "--virtual-time-budget=20000",
                "--dump-dom",
                $"{page}/?pdp={Uri.EscapeDataString(sidecar.Url)}");
            Assert.True(code == 0, output);
            var start = output.IndexOf("<body>", StringComparison.Ordinal);
            var end = output.IndexOf("</body>", StringComparison.Ordinal);
            return start < 0 || end < start ? output : output[(start + "<body>".Length)..end].Trim();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ServeAsync(HttpListener pages)
    {
        var page = Encoding.UTF8.GetBytes($"<!doctype html><html><head><title>page</title></head><body></body><script type=module>{Script}</script></html>");
        try
        {
            while (true)
            {
                var context = await pages.GetContextAsync();
                context.Response.ContentType = "text/html; charset=utf-8";
                await context.Response.OutputStream.WriteAsync(page);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
