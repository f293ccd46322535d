using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>Runs the main flow with secrets that can be told, good and bad, and looks for each of them in all that leaves the sidecar for operators.</summary>
public sealed class SecretsTests
{
    private const string Mail = "mark.alice@secret.example";
    private const string CollectorSecret = "MARK-collector-credential";

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task MainFlow_LogsMetricsSpansAndErrors_HoldNoSecret(string format)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var sidecar = await WatchedSidecar.StartAsync($$"""
            { "log_format": "{{format}}", "otlp": { "endpoint": "{{receiver.Grpc}}", "headers_file": "headers", "interval_seconds": 1, "sample_ratio": 1 } }
            """, $"x-credential: {CollectorSecret}\n");
        var said = new StringBuilder();
        var idToken = sidecar.Mint(Mail);
        var token = await sidecar.IssueAsync(idToken);
        await RunAsync(sidecar, token, said);
        await FailAsync(sidecar, token, idToken, said);
        said.Append(await ExchangeAsync(sidecar, idToken));
        var (_, status) = await WatchedSidecar.RunAsync("status", "--http", sidecar.Http);
        var (_, doctor) = await WatchedSidecar.RunAsync("doctor", "--config", sidecar.ConfigPath);
        _ = await receiver.UntilAsync("metrics", static message => message.GetRawText().Contains("RUN_NOT_FOUND", StringComparison.Ordinal));
        _ = await receiver.UntilAsync("trace", static message => message.GetRawText().Contains("RevokeCst", StringComparison.Ordinal));

        string[] secrets = [Mail, "mark.alice", CollectorSecret, WatchedSidecar.ClientSecret, .. PartsOf(idToken), .. PartsOf(token), .. Seeds(sidecar.Data)];
        Assert.True(secrets.Length >= 12);
        var everything = string.Join('\n', sidecar.Output, receiver.Output, said, status, doctor, await MetricsAsync(sidecar, "text/plain"), await MetricsAsync(sidecar, "application/openmetrics-text"));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, everything, StringComparison.Ordinal));
        Assert.DoesNotContain("MARK-", sidecar.Output, StringComparison.Ordinal);
        if (format == "json")
        {
            Assert.All(sidecar.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        }
    }

    private static async Task RunAsync(WatchedSidecar sidecar, string token, StringBuilder said)
    {
        said.Append(await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }));
        said.Append(await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "splunk" }));
        said.Append(await sidecar.Decisions.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { new AuthorizeRequest { Cst = token + "A", Tool = "github" } } }));
        said.Append((await sidecar.Runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = "run_mark" })).Refusal);
        said.Append((await sidecar.Receipts.SignReceiptAsync(LiveSidecar.ReceiptOf(token, "run_nowhere", "nonce-1"))).Refusal);
        said.Append((await sidecar.Runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = "run_none" })).Refusal);
        said.Append((await sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token, Reason = "a test" })).Refusal);
    }

    private static async Task FailAsync(WatchedSidecar sidecar, string token, string idToken, StringBuilder said)
    {
        said.Append((await sidecar.Tokens.IssueCstAsync(new IssueCstRequest { IdToken = idToken + "A", AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" } })).Refusal);
        said.Append((await sidecar.Tokens.IssueCstAsync(new IssueCstRequest { ParentCst = token, AgentDid = PublishedSidecar.AgentDid, Audiences = { "clawpdp" } })).Refusal);
        said.Append((await sidecar.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token[..^4] + "AAAA", Reason = "a test" })).Refusal);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = string.Concat(Enumerable.Repeat(token, 40)), Tool = "github" }));
        said.Append(failure.Status.Detail);
    }

    private static async Task<string> ExchangeAsync(WatchedSidecar sidecar, string idToken)
    {
        using var http = new HttpClient();
        var said = "";
        foreach (var secret in new[] { WatchedSidecar.ClientSecret, "MARK-wrong-secret" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sidecar.Http + "/oauth2/introspect"))
            {
                Content = new FormUrlEncodedContent([new("token", idToken)]),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("agents:" + secret)));
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            said += await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        return said;
    }

    private static async Task<string> MetricsAsync(WatchedSidecar sidecar, string type)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd(type);
        return await http.GetStringAsync(new Uri(sidecar.Http + "/metrics"), TestContext.Current.CancellationToken);
    }

    // The whole text, and each part that tells it: the header is the same for all.
    private static IEnumerable<string> PartsOf(string token) => [token, .. token.Split('.')[1..]];

    private static IEnumerable<string> Seeds(string data) => Directory.EnumerateFiles(Path.Combine(data, "keys"), "*.json")
        .Select(static path => JsonDocument.Parse(File.ReadAllText(path)).RootElement)
        .Select(static key => key.EnumerateObject().First(static member => member.Name.Contains("seed", StringComparison.Ordinal)).Value.GetString() ?? "");
}
