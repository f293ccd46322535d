using System.Text.Json;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.EndToEnd.Tests.Telemetry;

/// <summary>What a collector that is not ours gets from the published binary, over both protocols.</summary>
public sealed class OtlpTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string SpanId = "00f067aa0ba902b7";

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Collector_AfterAnswersInATrace_HasMetricsSpansAndLines(string protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var endpoint = protocol == "grpc" ? receiver.Grpc : receiver.Http;
        await using var sidecar = await WatchedSidecar.StartAsync($$"""
            { "log_format": "json", "otlp": { "endpoint": "{{endpoint}}", "protocol": "{{protocol}}", "headers_file": "headers", "interval_seconds": 1 } }
            """, "authorization: Bearer of-the-collector\n");
        var headers = new Metadata { { "traceparent", $"00-{TraceId}-{SpanId}-01" } };
        var token = await sidecar.IssueAsync(sidecar.Mint("alice"));
        var answer = await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }, headers);
        await sidecar.Tokens.IntrospectCstAsync(new IntrospectCstRequest { Token = token }, headers);
        // No trace, and no sampling: no span.
        await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "splunk" });

        var metrics = await receiver.UntilAsync("metrics", static message => DecisionsOf(message).Sum(static point => point.GetProperty("asDouble").GetDouble()) >= 2);
        Assert.Equal("Bearer of-the-collector", metrics.GetProperty("authorization").GetString());
        Assert.Equal(protocol == "grpc" ? "grpc" : "http", metrics.GetProperty("protocol").GetString());
        Assert.Contains("explicitBounds", metrics.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("clawpdp.ledger.commit.duration", metrics.GetRawText(), StringComparison.Ordinal);

        // The exemplars of both histograms: bytes stand in base64.
        var trace = Convert.ToBase64String(Convert.FromHexString(TraceId));
        foreach (var metric in new[] { "clawpdp.decision.duration", "clawpdp.call.duration" })
        {
            _ = await receiver.UntilAsync("metrics", message => ExemplarsOf(message, metric).Any(exemplar => exemplar.GetProperty("traceId").GetString() == trace));
        }

        var spans = await receiver.UntilAsync("trace", message => message.GetRawText().Contains(answer.DecisionId, StringComparison.Ordinal));
        var decide = SpansOf(spans).Single(span => span.GetRawText().Contains(answer.DecisionId, StringComparison.Ordinal));
        Assert.Equal(("decide", TraceId, SpanId), (decide.GetProperty("name").GetString(), HexOf(decide, "traceId"), HexOf(decide, "parentSpanId")));
        Assert.DoesNotContain("TOOL_NOT_ALLOWED", receiver.Output.Split('\n').Where(static line => line.Contains("\"trace\"", StringComparison.Ordinal)).Aggregate("", string.Concat), StringComparison.Ordinal);
        _ = await receiver.UntilAsync("trace", static message => SpansOf(message).Any(static span => span.GetProperty("name").GetString() == "clawpdp.v1.TokenService/IntrospectCst"));
        _ = await receiver.UntilAsync("logs", static message => message.GetRawText().Contains("listening for gRPC", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sidecar_CollectorIsGone_GoesOn()
    {
        await using var sidecar = await WatchedSidecar.StartAsync("""{ "otlp": { "endpoint": "http://127.0.0.1:1", "interval_seconds": 1, "sample_ratio": 1 } }""");
        var token = await sidecar.IssueAsync(sidecar.Mint("alice"));

        for (var round = 0; round < 50; round++)
        {
            Assert.Equal(ReasonCode.Allowed, (await sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" }, deadline: DateTime.UtcNow.AddSeconds(5))).ReasonCode);
        }
    }

    private static IEnumerable<JsonElement> MetricsOf(JsonElement message, string name) => message.GetProperty("message").GetProperty("resourceMetrics").EnumerateArray()
        .SelectMany(static resource => resource.GetProperty("scopeMetrics").EnumerateArray())
        .SelectMany(static scope => scope.GetProperty("metrics").EnumerateArray())
        .Where(metric => metric.GetProperty("name").GetString() == name);

    private static IEnumerable<JsonElement> ExemplarsOf(JsonElement message, string name) => MetricsOf(message, name)
        .SelectMany(static metric => metric.GetProperty("histogram").GetProperty("dataPoints").EnumerateArray())
        .SelectMany(static point => point.TryGetProperty("exemplars", out var exemplars) ? exemplars.EnumerateArray() : Enumerable.Empty<JsonElement>());

    private static IEnumerable<JsonElement> DecisionsOf(JsonElement message) => MetricsOf(message, "clawpdp.decisions")
        .SelectMany(static metric => metric.GetProperty("sum").GetProperty("dataPoints").EnumerateArray())
        .Where(static point => point.TryGetProperty("asDouble", out _));

    private static IEnumerable<JsonElement> SpansOf(JsonElement message) => message.GetProperty("message").GetProperty("resourceSpans").EnumerateArray()
        .SelectMany(static resource => resource.GetProperty("scopeSpans").EnumerateArray())
        .SelectMany(static scope => scope.GetProperty("spans").EnumerateArray());

    private static string HexOf(JsonElement span, string member) => Convert.ToHexStringLower(span.GetProperty(member).GetBytesFromBase64());
}
