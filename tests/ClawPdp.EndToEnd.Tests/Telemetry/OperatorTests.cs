using System.Text.Json;
using ClawPdp.Documentation;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>What an operator does with the published binary: the commands of the page, and Prometheus' own checks.</summary>
public sealed class OperatorTests
{
    private static string Promtool
    {
        get
        {
            var path = Environment.GetEnvironmentVariable("SUITE_PROMTOOL");
            Assert.SkipUnless(path is not null && File.Exists(path), "SUITE_PROMTOOL names no promtool; ./test.sh installs it");
            return path ?? "";
        }
    }

    [Fact]
    public async Task Page_Commands_DoWhatTheySay()
    {
        await using var sidecar = await WatchedSidecar.StartAsync(TelemetryOf(DocumentedBlock.Read("docs/observability.md json 1")));
        _ = await sidecar.IssueAsync(sidecar.Mint("alice"));
        var lines = DocumentedBlock.Read("docs/observability.md sh 1").Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var (code, output) = await RunAsync(lines[0], sidecar);
        Assert.True(code == 0, output);
        Assert.Contains("decision ok", output, StringComparison.Ordinal);
        (code, output) = await RunAsync($"timeout -s INT 3 {lines[1]} --interval 1 --http {sidecar.Http} || true", sidecar);
        Assert.True(output.Split("\nhealth ").Length > 2, output);
        (code, output) = await RunAsync(lines[2], sidecar);
        Assert.True(code == 0, output);
        Assert.Contains("0 faults", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_OfBothCommands_CanBeRead()
    {
        await using var sidecar = await WatchedSidecar.StartAsync("{}");

        var status = await WatchedSidecar.RunAsync("status", "--http", sidecar.Http, "--json");
        var doctor = await WatchedSidecar.RunAsync("doctor", "--config", sidecar.ConfigPath, "--json");

        Assert.Contains("decision ok", JsonDocument.Parse(status.Output).RootElement.GetProperty("health").GetString(), StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(doctor.Output).RootElement.GetProperty("healthy").GetBoolean(), doctor.Output);
        Assert.Equal(0, doctor.Code);
    }

    [Fact]
    public async Task Doctor_BadConfiguration_SaysWhatToDoAndFails()
    {
        await using var sidecar = await WatchedSidecar.StartAsync("{}");
        var config = await File.ReadAllTextAsync(sidecar.ConfigPath, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(sidecar.ConfigPath, config.Replace("\"telemetry\": {}", "\"telemetry\": { \"log_format\": \"xml\" }", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output) = await WatchedSidecar.RunAsync("doctor", "--config", sidecar.ConfigPath);

        Assert.Equal(1, code);
        Assert.Contains("/telemetry/log_format", output, StringComparison.Ordinal);
        Assert.Contains("do: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NobodyThere_SaysSo()
    {
        var (code, output) = await WatchedSidecar.RunAsync("status", "--http", "http://127.0.0.1:1");

        Assert.Equal(65, code);
        Assert.Contains("no answer", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfARunningSidecar_PassPrometheusOwnCheck()
    {
        var promtool = Promtool;
        await using var sidecar = await WatchedSidecar.StartAsync("{}");
        var token = await sidecar.IssueAsync(sidecar.Mint("alice"));
        _ = await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" });

        var (code, output) = await ChildProcess.RunAsync("bash", "-c", $"curl -sSf {sidecar.Http}/metrics | {promtool} check metrics");

        Assert.True(code == 0, output);
        Assert.Equal("", output.Trim());
    }

    [Fact]
    public async Task Metrics_SwitchedOff_AreNotThere()
    {
        await using var sidecar = await WatchedSidecar.StartAsync("""{ "prometheus": false }""");
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(sidecar.Http + "/metrics"), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task AlertRules_PassPrometheusOwnCheck()
    {
        var (code, output) = await ChildProcess.RunAsync(Promtool, "check", "rules", Path.Combine(Conformance.ExpectedRows.Protos, "..", "ops", "prometheus", "clawpdp.rules.yaml"));

        Assert.True(code == 0, output);
        Assert.Contains("13 rules found", output, StringComparison.Ordinal);
    }

    // The page shows the member within the configuration.
    private static string TelemetryOf(string snippet)
    {
        var telemetry = JsonDocument.Parse(snippet).RootElement.GetProperty("telemetry");
        Assert.Equal("json", telemetry.GetProperty("log_format").GetString());
        return telemetry.GetRawText();
    }

    private static async Task<(int Code, string Output)> RunAsync(string line, WatchedSidecar sidecar)
    {
        var command = line.Replace("http://127.0.0.1:7081", sidecar.Http, StringComparison.Ordinal).Replace("clawpdp.json", sidecar.ConfigPath, StringComparison.Ordinal);
        var folder = Path.GetDirectoryName(PublishedSidecar.Binary);
        return await ChildProcess.RunAsync("bash", "-c", $"PATH={folder}:$PATH; {command}");
    }
}
