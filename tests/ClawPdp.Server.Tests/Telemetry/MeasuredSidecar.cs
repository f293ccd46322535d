using System.Net.Http.Headers;
using System.Text;
using ClawPdp.Server.Overview;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>A sidecar that was asked a known number of things, by several doors, in a trace.</summary>
public sealed class MeasuredSidecar : RunningSidecar, IAsyncLifetime
{
    public const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    public const string TraceParent = "00-" + TraceId + "-00f067aa0ba902b7-01";
    public const string TraceState = "vendor=t61rcWkgMzE";

    private readonly HttpClient _http = new();

    internal List<string> Secrets { get; } = [];

    internal List<string> DecisionIds { get; } = [];

    public new async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var idToken = await Client.SignInAsync("alice");
        var issued = await Client.IssueAsync(idToken);
        var token = issued.Issued?.Cst ?? throw new InvalidOperationException(issued.Refusal?.ToString());
        Secrets.AddRange([token, token.Split('.')[2], idToken, "alice", "github"]);
        await AskAsync(token);
        await AskOverHttpAsync(token);
        Assert.NotNull((await Client.Tokens.IssueCstAsync(new IssueCstRequest { IdToken = "no.id-token", AgentDid = Client.AgentDid, Audiences = { "clawpdp" } })).Refusal);
        await Assert.ThrowsAsync<RpcException>(async () => await Client.Tokens.IssueCstAsync(new IssueCstRequest { IdToken = new string('a', 100_000) }));
        Assert.Null((await Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Jti = "nobodys", Reason = "a test" })).Refusal);
    }

    public new async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Gets the metrics as they are given to who accepts a type.</summary>
    internal async Task<(string Type, string Text)> GetAsync(string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(HttpAddress + "/metrics"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accepted));
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode);
        return (response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal async Task<MetricsReading> ReadAsync() => MetricsReading.Parse((await GetAsync("text/plain")).Text);

    /// <summary>Gives the labels of every name that can be asked for: those of histograms by their endings.</summary>
    internal async Task<Dictionary<string, IReadOnlyList<string>>> LabelsAsync()
    {
        var known = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var (_, text) = await GetAsync("text/plain");
        var catalog = (Telemetry: Services.GetService(typeof(Server.Telemetry.MetricCatalog)) as Server.Telemetry.MetricCatalog, text);
        foreach (var metric in catalog.Telemetry?.Metrics ?? [])
        {
            var family = Server.Telemetry.MetricsText.FamilyOf(metric);
            Assert.Contains($"# HELP {family}", text, StringComparison.Ordinal);
            var endings = metric.Kind switch
            {
                Server.Telemetry.MetricKind.Counter => new[] { "_total" },
                Server.Telemetry.MetricKind.Histogram => ["_bucket", "_sum", "_count"],
                _ => [""],
            };
            foreach (var ending in endings)
            {
                known[family + ending] = ending == "_bucket" ? [.. metric.Labels, "le"] : [.. metric.Labels];
            }
        }

        return known;
    }

    private async Task AskAsync(string token)
    {
        var headers = new Metadata { { "traceparent", TraceParent }, { "tracestate", TraceState } };
        var question = new AuthorizeRequest { Cst = token, Tool = "github", Provider = "anthropic" };
        DecisionIds.Add((await Client.Decisions.AuthorizeAsync(question, headers)).DecisionId);
        DecisionIds.Add((await Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "splunk" }, headers)).DecisionId);
        var batch = await Client.Decisions.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { question, question } }, headers);
        DecisionIds.AddRange(batch.Responses.Select(static answer => answer.DecisionId));
        using var stream = Client.Decisions.AuthorizeStream(headers);
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = new AuthorizeRequest { Tool = "github" } });
        await stream.RequestStream.CompleteAsync();
        await foreach (var answer in stream.ResponseStream.ReadAllAsync())
        {
            DecisionIds.Add(answer.Response.DecisionId);
        }
    }

    private async Task AskOverHttpAsync(string token)
    {
        var subject = Client.AgentDid;
        using var evaluation = new HttpRequestMessage(HttpMethod.Post, new Uri(HttpAddress + "/access/v1/evaluation"))
        {
            Content = new StringContent($$$"""{"subject":{"type":"agent","id":"{{{subject}}}"},"action":{"name":"call"},"resource":{"type":"tool","id":"github"}}""", Encoding.UTF8, "application/json"),
        };
        evaluation.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        evaluation.Headers.Add("traceparent", TraceParent);
        using var answer = await _http.SendAsync(evaluation);
        Assert.Contains("true", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var forward = new HttpRequestMessage(HttpMethod.Get, new Uri(HttpAddress + "/v1/forward-auth"));
        forward.Headers.Add("X-Forwarded-Host", "api.github.com");
        forward.Headers.Add("X-Forwarded-Uri", "/");
        forward.Headers.Add("X-Forwarded-Method", "GET");
        using var denied = await _http.SendAsync(forward);
        Assert.False(denied.IsSuccessStatusCode);
    }
}
