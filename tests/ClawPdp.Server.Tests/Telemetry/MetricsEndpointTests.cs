using System.Text.RegularExpressions;
using ClawPdp.Server.Overview;
using ClawPdp.Server.Tests.Doors;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>The metrics of a sidecar that was asked things, and what the documentation, the alert rules and the dashboard say of them.</summary>
public sealed partial class MetricsEndpointTests(MeasuredSidecar sidecar) : IClassFixture<MeasuredSidecar>
{
    private static string Docs => File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "observability.md"));

    [Fact]
    public async Task Get_AfterAnswers_CountsThemByDoorEffectAndReason()
    {
        var reading = await sidecar.ReadAsync();

        Assert.Equal(1, CountOf(reading, "authorize", "allow", "ALLOWED"));
        Assert.Equal(1, CountOf(reading, "authorize", "deny", "TOOL_NOT_ALLOWED"));
        Assert.Equal(2, CountOf(reading, "batch", "allow", "ALLOWED"));
        Assert.Equal(1, CountOf(reading, "stream", "deny", "TOKEN_REQUIRED"));
        Assert.Equal(1, CountOf(reading, "authzen", "allow", "ALLOWED"));
        Assert.Equal(1, CountOf(reading, "forward_auth", "deny", "TOKEN_REQUIRED"));
        Assert.Equal(2, reading.Sum("clawpdp_decision_duration_seconds_count", "door", "authorize"));
    }

    [Fact]
    public async Task Get_AfterCalls_CountsThemByStatusAndTheRefusalsByReason()
    {
        var reading = await sidecar.ReadAsync();

        Assert.True(Sum(reading, "clawpdp_calls_total", ("method", "clawpdp.v1.TokenService/IssueCst"), ("status", "OK")) >= 2);
        Assert.Equal(1, Sum(reading, "clawpdp_calls_total", ("method", "clawpdp.v1.TokenService/IssueCst"), ("status", "InvalidArgument")));
        Assert.Equal(1, reading.Sum("clawpdp_refusals_total", "reason", "ID_TOKEN_MALFORMED"));
        Assert.True(reading.Sum("clawpdp_tokens_issued_total", "ground", "sign_in") >= 1);
        Assert.Equal(1, reading.Sum("clawpdp_revocations_total", "kind", "jti"));
        Assert.DoesNotContain(reading.All("clawpdp_calls_total"), static sample => sample.Label("method").EndsWith("/Authorize", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_OfARunningSidecar_SaysHowItIs()
    {
        var reading = await sidecar.ReadAsync();

        Assert.Equal(5, reading.All("clawpdp_health").Count);
        Assert.True(new StatusReport(reading, TimeProvider.System.GetUtcNow()).IsHealthy);
        Assert.True(reading.Sum("clawpdp_ledger_records") > 0);
        Assert.True(reading.Sum("clawpdp_ledger_commit_duration_seconds_count") > 0);
        Assert.True(reading.Sum("clawpdp_connections_open") > 0);
        Assert.Equal(1, reading.Sum("clawpdp_identity_provider_keys_usable"));
        var policy = Assert.Single(reading.All("clawpdp_policy_info"));
        Assert.Equal(("pol_demo_v1", sidecar.Installation.PolicyHash), (policy.Label("policy_id"), policy.Label("policy_hash")));
        Assert.True(reading.Sum("clawpdp_token_lookups_total", "outcome", "connection") > 0);
    }

    [Fact]
    public async Task Get_AsOpenMetrics_HasTheTraceOfTheCaller()
    {
        var (type, text) = await sidecar.GetAsync("application/openmetrics-text; version=1.0.0");

        Assert.StartsWith("application/openmetrics-text; version=1.0.0", type, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
        Assert.Contains($"# {{trace_id=\"{MeasuredSidecar.TraceId}\"}}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_HoldsNothingOfWhatWasAsked()
    {
        var (_, text) = await sidecar.GetAsync("text/plain");

        Assert.All(sidecar.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Documentation_ListsEveryMetricWithItsTypeAndLabels()
    {
        var (_, text) = await sidecar.GetAsync("text/plain");
        var types = TypeLine().Matches(text).Select(static line => (Name: line.Groups[1].Value, Type: line.Groups[2].Value)).OrderBy(static item => item.Name, StringComparer.Ordinal);
        var rows = Row().Matches(Docs).Select(static row => (Name: row.Groups[1].Value, Type: row.Groups[2].Value)).ToList();
        var labels = Row().Matches(Docs).ToDictionary(static row => row.Groups[1].Value, static row => Code().Matches(row.Groups[3].Value).Select(static label => label.Groups[1].Value).ToList(), StringComparer.Ordinal);

        Assert.Equal(types, rows);
        foreach (var (name, told) in labels)
        {
            var reading = MetricsReading.Parse(text);
            var samples = reading.All(name).Concat(reading.All(name + "_count"));
            Assert.All(samples, sample => Assert.Equal(told, sample.Labels.Select(static label => label.Name)));
        }
    }

    [Theory]
    [InlineData("ops/prometheus/clawpdp.rules.yaml", "expr: (?:>-\n)?((?:.|\n)*?)\n        (?:for|labels):")]
    [InlineData("ops/grafana/clawpdp.json", "\"(?:expr|query)\": \"((?:[^\"\\\\]|\\\\.)*)\"")]
    public async Task OperatorsFiles_NameOnlyMetricsAndLabelsThatExist(string path, string pattern)
    {
        var known = await sidecar.LabelsAsync();
        var queries = Regex.Matches(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, path), TestContext.Current.CancellationToken), pattern, RegexOptions.None, TimeSpan.FromSeconds(5))
            .Select(static match => match.Groups[1].Value.Replace("\\\"", "\"", StringComparison.Ordinal)).Where(static query => query != "prometheus").ToList();

        Assert.True(queries.Count >= 13, $"only {queries.Count} queries were found");
        foreach (var query in queries)
        {
            var names = MetricName().Matches(query).Select(static match => match.Value).Distinct(StringComparer.Ordinal).ToList();
            Assert.NotEmpty(names);
            Assert.All(names, name => Assert.True(known.ContainsKey(name), $"{path}: there is no metric {name}"));
            var allowed = names.SelectMany(name => known[name]).Append("instance").ToHashSet(StringComparer.Ordinal);
            var labels = Matcher().Matches(query).Select(static match => match.Groups[1].Value).Concat(Grouping().Matches(query).SelectMany(static match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)));
            Assert.All(labels, label => Assert.True(allowed.Contains(label), $"{path}: {query}: there is no label {label}"));
        }
    }

    [Fact]
    public void AlertRules_AreInTheDocumentation()
    {
        var rules = File.ReadAllText(Path.Combine(SourceTree.Root, "ops", "prometheus", "clawpdp.rules.yaml"));

        var alerts = Alert().Matches(rules).Select(static match => match.Groups[1].Value).ToList();

        Assert.Equal(alerts, AlertRow().Matches(Docs).Select(static match => match.Groups[1].Value));
    }

    private static double CountOf(MetricsReading reading, string door, string effect, string reason) =>
        Sum(reading, "clawpdp_decisions_total", ("door", door), ("effect", effect), ("reason", reason));

    private static double Sum(MetricsReading reading, string name, params (string Label, string Value)[] labels) =>
        reading.All(name).Where(sample => labels.All(label => sample.Has(label.Label, label.Value))).Sum(static sample => sample.Value);

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) (?<type>[a-z]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TypeLine();

    [GeneratedRegex("^\\| `(?<name>[a-z_]+)` \\| (?<type>counter|gauge|histogram) \\| [A-Za-z1]+ \\| (?<labels>[^|]*)\\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<code>[a-z_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();

    [GeneratedRegex("\\b(?:clawpdp|process|dotnet)_[a-z_]+\\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("[{,]\\s*(?<label>[a-z_]+)\\s*(?:=~|!~|!=|=)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Matcher();

    [GeneratedRegex("\\bby \\((?<labels>[^)]*)\\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grouping();

    [GeneratedRegex("- alert: (?<alert>[A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Alert();

    [GeneratedRegex("^\\| `(?<alert>ClawPdp[A-Za-z]+)` \\|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AlertRow();
}
