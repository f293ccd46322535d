using System.Globalization;
using System.Text.Json;
using ClawPdp.EndToEnd.Tests.Doors;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>A real Prometheus scrapes the published binary, and evaluates the alert rules over what it got.</summary>
public sealed class PrometheusTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    // It asks for OpenMetrics by itself, and its parser refuses the whole answer for one line that is none.
    [Fact]
    public async Task Scrape_AfterAnAnswerInATrace_HasItsExemplarAndEveryRuleIsEvaluated()
    {
        var prometheus = Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("SUITE_PROMTOOL")) ?? "", "prometheus");
        Assert.SkipUnless(File.Exists(prometheus), "there is no prometheus beside SUITE_PROMTOOL; ./test.sh installs it");
        await using var sidecar = await WatchedSidecar.StartAsync("{}");
        var token = await sidecar.IssueAsync(sidecar.Mint("alice"));
        var headers = new Metadata { { "traceparent", $"00-{TraceId}-00f067aa0ba902b7-01" } };
        _ = await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }, headers);
        _ = await sidecar.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = token }, headers);
        var folder = Directory.CreateTempSubdirectory("clawpdp-prometheus-");
        try
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{HttpSidecar.FreePort()}");
            await using var process = await StartAsync(prometheus, folder.FullName, address, sidecar.Http["http://".Length..]);
            using var http = new HttpClient { BaseAddress = new Uri("http://" + address) };

            var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            foreach (var metric in new[] { "clawpdp_decision_duration_seconds_bucket", "clawpdp_call_duration_seconds_bucket" })
            {
                var query = string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_exemplars?query={metric}&start={seconds - 600}&end={seconds + 600}");
                await UntilAsync(http, query, static data => data.GetRawText().Contains($"\"trace_id\":\"{TraceId}\"", StringComparison.Ordinal), process);
            }

            await UntilAsync(http, "/api/v1/query?query=up", static data => data.GetRawText().Contains("\"1\"", StringComparison.Ordinal), process);
            await UntilAsync(http, "/api/v1/rules", static data => RulesOf(data).All(static rule => rule.GetProperty("health").GetString() == "ok"), process);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<JsonElement> RulesOf(JsonElement data)
    {
        List<JsonElement> rules = [.. data.GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray())];
        Assert.Equal(13, rules.Count);
        Assert.All(rules, static rule => Assert.False(rule.TryGetProperty("lastError", out var error), error.ToString()));
        return rules;
    }

    private static async Task<ChildProcess> StartAsync(string prometheus, string folder, string address, string target)
    {
        var rules = Path.GetFullPath(Path.Combine(Conformance.ExpectedRows.Protos, "..", "ops", "prometheus", "clawpdp.rules.yaml"));
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: [ "{{rules}}" ]
            scrape_configs: [ { job_name: clawpdp, static_configs: [ { targets: [ "{{target}}" ] } ] } ]
            """);
        string[] arguments =
        [
            "--config.file=" + config,
            "--storage.tsdb.path=" + Path.Combine(folder, "data"),
            "--web.listen-address=" + address,
            "--enable-feature=exemplar-storage",
        ];
        return (await ChildProcess.StartAsync(prometheus, arguments, "Server is ready to receive web requests")).Process;
    }

    private static async Task UntilAsync(HttpClient http, string path, Func<JsonElement, bool> isSo, ChildProcess process)
    {
        var said = "";
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var look = 0; look < 300; look++)
        {
            said = await http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            using var document = JsonDocument.Parse(said);
            if (isSo(document.RootElement.GetProperty("data")))
            {
                return;
            }

            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{path}: {said}\n{process.Output}");
    }
}
