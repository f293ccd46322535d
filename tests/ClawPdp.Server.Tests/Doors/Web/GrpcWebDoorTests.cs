using System.Net;
using ClawPdp.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;

namespace ClawPdp.Server.Tests.Doors.Web;

/// <summary>gRPC-Web, by the stock client for .NET.</summary>
[Trait("Door", "published")]
[Collection(PlainDoors.Name)]
public sealed class GrpcWebDoorTests
{
    private readonly RunningSidecar _sidecar;

    public GrpcWebDoorTests(RunningSidecar sidecar) => _sidecar = sidecar;

    internal static GrpcChannel ChannelTo(RunningSidecar sidecar, GrpcWebMode mode = GrpcWebMode.GrpcWeb) =>
        GrpcChannel.ForAddress(sidecar.HttpAddress, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(mode, new HttpClientHandler()),
            HttpVersion = HttpVersion.Version11,
            HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DisposeHttpClient = true,
        });

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Authorize_AQuestion_IsAnswered(GrpcWebMode mode)
    {
        using var channel = ChannelTo(_sidecar, mode);
        var decisions = new DecisionService.DecisionServiceClient(channel);
        var token = await _sidecar.TokenOfAsync("alice");

        var allowed = await decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" });
        var denied = await decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "splunk" });

        Assert.Equal((Effect.Allow, Effect.Deny, ReasonCode.ToolNotAllowed), (allowed.Effect, denied.Effect, denied.ReasonCode));
    }

    [Fact]
    public async Task WatchEpoch_IsAStreamOfMessages()
    {
        using var channel = ChannelTo(_sidecar);
        using var call = new DecisionService.DecisionServiceClient(channel).WatchEpoch(new WatchEpochRequest());

        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.NotEqual(0UL, call.ResponseStream.Current.Epoch);
    }

    [Fact]
    public async Task Authorize_NoQuestion_IsInvalidArgument()
    {
        using var channel = ChannelTo(_sidecar);

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new DecisionService.DecisionServiceClient(channel).AuthorizeAsync(new AuthorizeRequest()));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
    }

    [Fact]
    public async Task Authorize_MalformedMessage_IsInvalidArgument()
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent([0, 0, 0, 0, 2, 0xFF, 0xFF]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc-web");

        using var response = await http.PostAsync(new Uri(_sidecar.HttpAddress + "/clawpdp.v1.DecisionService/Authorize"), content, TestContext.Current.CancellationToken);
        var body = System.Text.Encoding.ASCII.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var said = response.Headers.TryGetValues("grpc-status", out var values) ? "grpc-status: " + string.Join(',', values) : body;

        Assert.Contains("grpc-status: 3", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AMethodOfNoAgent_IsUnimplemented()
    {
        using var channel = ChannelTo(_sidecar);

        var policy = await Assert.ThrowsAsync<RpcException>(async () => await new PolicyService.PolicyServiceClient(channel).GetActivePolicyAsync(new GetActivePolicyRequest()));
        var revoke = await Assert.ThrowsAsync<RpcException>(async () => await new TokenService.TokenServiceClient(channel).RevokeCstAsync(new RevokeCstRequest { Jti = "j" }));
        var key = await Assert.ThrowsAsync<RpcException>(async () => await new AuditService.AuditServiceClient(channel).CreateAgentKeyAsync(new CreateAgentKeyRequest()));

        Assert.Equal([StatusCode.Unimplemented, StatusCode.Unimplemented, StatusCode.Unimplemented], [policy.StatusCode, revoke.StatusCode, key.StatusCode]);
    }

    [Fact]
    public async Task Post_ToThePortOfGrpc_IsNoCall()
    {
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc-web");

        using var response = await http.PostAsync(new Uri(_sidecar.GrpcAddress + "/clawpdp.v1.DecisionService/Authorize"), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }
}
