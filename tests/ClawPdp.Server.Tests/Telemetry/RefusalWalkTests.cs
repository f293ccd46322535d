using System.Net.Http.Headers;
using ClawPdp.Server.Doors.Web;
using ClawPdp.Server.Overview;
using ClawPdp.Server.Tests.Doors.OAuth;
using ClawPdp.V1;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>
/// Walks everything that can be called, as the pipeline has it and not by a list, and wants each refusal counted once: so that no door and no method can be
/// forgotten.
/// </summary>
public sealed class RefusalWalkTests : IClassFixture<RunningSidecar>, IDisposable
{
    private static readonly byte[] NoMessage = [0xFF, 0xFF];
    private static readonly Marshaller<byte[]> AsItIs = new(static bytes => bytes, static bytes => bytes);

    private readonly RunningSidecar _sidecar;
    private readonly GrpcChannel _channel;
    private readonly HttpClient _http = new();

    public RefusalWalkTests(RunningSidecar sidecar)
    {
        _sidecar = sidecar;
        _channel = sidecar.Channel();
    }

    private IEnumerable<RouteEndpoint> Endpoints => _sidecar.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public void Dispose()
    {
        _channel.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task Refusal_OfEveryMethod_IsCountedOnce()
    {
        var methods = Endpoints.Select(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method).OfType<IMethod>().ToList();
        Assert.True(methods.Count >= 32, $"only {methods.Count} methods were found");
        Assert.Contains(methods, static method => method.FullName.StartsWith("/envoy.", StringComparison.Ordinal));

        foreach (var method in methods)
        {
            var before = await CountAsync();
            var raw = new Method<byte[], byte[]>(MethodType.Unary, method.ServiceName, method.Name, AsItIs, AsItIs);
            var failure = await Assert.ThrowsAsync<RpcException>(async () => await _channel.CreateCallInvoker().AsyncUnaryCall(raw, host: null, default, NoMessage));

            Assert.True(failure.StatusCode == StatusCode.InvalidArgument, $"{method.FullName}: {failure.Status}");
            await AssertCountedAsync(before, method.FullName);
        }
    }

    [Fact]
    public async Task Refusal_OfEveryPath_IsCountedOnce()
    {
        var refused = 0;
        foreach (var endpoint in Endpoints.Where(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is null))
        {
            // What answers calls of methods that are not there has a name for each part.
            var path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/');
            if (path.StartsWith("/{", StringComparison.Ordinal))
            {
                continue;
            }

            var isPost = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is ["POST"];
            var before = await CountAsync();
            var status = await SendAsync(isPost ? HttpMethod.Post : HttpMethod.Get, path.Split("/{")[0], "text/plain");
            Assert.True(!isPost || status >= 400, $"{path} takes anything");
            if (status >= 400)
            {
                refused++;
                await AssertCountedAsync(before, path);
            }
        }

        Assert.True(refused >= 12, $"only {refused} paths refused anything");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/proto")]
    [InlineData("application/grpc-web")]
    public async Task Refusal_OfEveryMethodByTheDoorsForBrowsers_IsCountedOnce(string mediaType)
    {
        foreach (var path in AgentMethods.Paths)
        {
            var before = await CountAsync();
            _ = await SendAsync(HttpMethod.Post, path, mediaType);

            await AssertCountedAsync(before, path);
        }
    }

    [Theory]
    [InlineData("/clawpdp.v1.DecisionService/Authorize", "application/json", "PERMISSION_DENIED", "Origin", "https://evil.example")]
    [InlineData("/clawpdp.v1.DecisionService/Authorize", "application/grpc-web", "PERMISSION_DENIED", "Origin", "https://evil.example")]
    [InlineData("/clawpdp.v1.PolicyService/PutPolicy", "application/json", "NOT_SUPPORTED", "", "")]
    [InlineData("/nowhere", "application/json", "NOT_FOUND", "", "")]
    [InlineData("/v1/tokens/introspect", "application/json", "INVALID_JSON", "", "")]
    [InlineData("/v1/tokens/revoke", "application/json", "TOKEN_REQUIRED", "", "")]
    [InlineData("/oauth2/token", "application/json", "REQUEST_INVALID", "", "")]
    public async Task Refusal_ByAPath_IsCountedByTheCodeThatTheCallerGets(string path, string mediaType, string reason, string header, string value)
    {
        var before = (await ReadAsync()).Sum("clawpdp_refusals_total", "reason", reason);

        _ = await SendAsync(HttpMethod.Post, path, mediaType, (header, value));

        await UntilAsync(async () => (await ReadAsync()).Sum("clawpdp_refusals_total", "reason", reason) >= before + 1, path);
    }

    [Fact]
    public async Task Refusal_InAnAnswer_IsCountedByItsReason()
    {
        using var export = _sidecar.Client.Audits.ExportRun(new ExportRunRequest { RunId = "run-nowhere" });
        Assert.True(await export.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        using var oauth = new OAuthCalls(_sidecar);
        await oauth.PostAsync(OAuthCalls.Token, await oauth.ExchangeAsync("alice", ("group", "nobodys")));

        await UntilAsync(async () => await ReadAsync() is var reading && reading.Sum("clawpdp_refusals_total", "reason", "RUN_NOT_FOUND") == 1 && reading.Sum("clawpdp_refusals_total", "reason", "GROUP_NOT_HELD") == 1, "both reasons");
    }

    [Fact]
    public async Task Call_GivenUpByItsCaller_IsNoRefusal()
    {
        var before = await CountAsync();
        using (var watch = _sidecar.Client.Decisions.WatchEpoch(new WatchEpochRequest()))
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        }

        await UntilAsync(async () => (await ReadAsync()).All("clawpdp_calls_total").Any(static sample => sample.Has("method", "clawpdp.v1.DecisionService/WatchEpoch")), "the end of the stream");

        Assert.Equal(before, await CountAsync());
    }

    private async Task<int> SendAsync(HttpMethod method, string path, string mediaType, (string Name, string Value) header = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(_sidecar.HttpAddress + path));
        if (method == HttpMethod.Post)
        {
            // A frame of gRPC-Web, no message and no JSON.
            request.Content = new ByteArrayContent([0, 0, 0, 0, 2, .. NoMessage]);
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        }

        if (header.Name is { Length: > 0 })
        {
            request.Headers.Add(header.Name, header.Value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    private async Task<MetricsReading> ReadAsync() =>
        MetricsReading.Parse(await _http.GetStringAsync(new Uri(_sidecar.HttpAddress + "/metrics"), TestContext.Current.CancellationToken));

    // A question that is denied is counted as a decision.
    private async Task<double> CountAsync() => await ReadAsync() is var reading ? reading.Sum("clawpdp_refusals_total") + reading.Sum("clawpdp_decisions_total", "effect", "deny") : 0;

    private async Task AssertCountedAsync(double before, string what)
    {
        await UntilAsync(async () => await CountAsync() >= before + 1, what);
        Assert.True(await CountAsync() == before + 1, $"{what} was counted more than once");
    }

    // A body may be with its reader before its request has left the pipeline.
    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var attempt = 0; attempt < 500; attempt++)
        {
            if (await isSo())
            {
                return;
            }

            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.Fail($"{what} was not counted");
    }
}
