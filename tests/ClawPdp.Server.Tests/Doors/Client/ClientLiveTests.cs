using ClawPdp.Client;
using ClawPdp.V1;

namespace ClawPdp.Server.Tests.Doors.Client;

/// <summary>The client for C# against the real sidecar; what a real one cannot be made to do stands in ClawPdp.Client.Tests.</summary>
[Trait("Door", "published")]
public sealed class ClientLiveTests : IClassFixture<RunningSidecar>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RunningSidecar _sidecar;

    public ClientLiveTests(RunningSidecar sidecar) => _sidecar = sidecar;

    [Fact]
    public async Task RunAsync_AnAllowedTool_IsDoneAndHasAReceiptOfItsDecision()
    {
        await using var client = await ClientAsync();

        await client.RunAsync(AgentAction.CallTool("github", """{"title":"x"}"""), static _ => Task.FromResult("done"), Digest.OfText, TestContext.Current.CancellationToken);

        using var channel = _sidecar.Channel();
        var run = await new RunService.RunServiceClient(channel).GetRunAsync(new GetRunRequest { RunId = client.RunId }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1u, run.Run?.ReceiptCount);
    }

    [Theory]
    [InlineData("terraform", true, "ALLOWED")]
    [InlineData("terraform/destroy", false, "TOOL_NOT_ALLOWED")]
    [InlineData("splunk", false, "TOOL_NOT_ALLOWED")]
    [InlineData("two words", false, "TOOL_INVALID")]
    [InlineData("", false, ClientReasons.RequestInvalid)]
    public async Task AuthorizeAsync_ATool_IsAnsweredWithItsReason(string tool, bool isAllowed, string reason)
    {
        await using var client = await ClientAsync();

        var decision = await client.AuthorizeAsync(new AgentAction { Tool = tool }, TestContext.Current.CancellationToken);

        Assert.Equal((isAllowed, reason), (decision.IsAllowed, decision.Reason));
        Assert.Equal(isAllowed, decision.ReasonClass == DenialClass.None);
    }

    [Fact]
    public async Task AuthorizeAllAsync_SomeActions_IsAnsweredInTheirOrder()
    {
        await using var client = await ClientAsync();

        var answers = await client.AuthorizeAllAsync([new() { Tool = "github" }, new() { Tool = "splunk" }, new(), AgentAction.Reach("api.github.com")], TestContext.Current.CancellationToken);

        Assert.Equal(["ALLOWED", "TOOL_NOT_ALLOWED", "REQUEST_INVALID", "ALLOWED"], answers.Select(static answer => answer.Reason));
    }

    [Fact]
    public async Task AuthorizeAsync_ARevokedToken_IsDeniedInSpiteOfTheCache()
    {
        var token = await _sidecar.TokenOfAsync("alice");
        await using var client = Connect(token, cacheCapacity: 8);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var attempt = 0; !(await client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken)).IsCached; attempt++)
        {
            Assert.True(attempt < 1000, "nothing is kept");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await _sidecar.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Token = token }, cancellationToken: TestContext.Current.CancellationToken);

        var decision = await client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken);
        for (var attempt = 0; decision.IsAllowed; attempt++)
        {
            Assert.True(attempt < 1000, "the epoch did not come");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            decision = await client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal("TOKEN_REVOKED", decision.Reason);
    }

    private async Task<ClawPdpClient> ClientAsync() => Connect(await _sidecar.TokenOfAsync("alice"));

    private ClawPdpClient Connect(string token, int cacheCapacity = 0) => new(ClawPdpClientOptions.WithToken(token) with
    {
        Address = new Uri(_sidecar.GrpcAddress).Authority,
        AuthorizeTimeout = Patience,
        DurableTimeout = Patience,
        CacheCapacity = cacheCapacity,
    });
}
