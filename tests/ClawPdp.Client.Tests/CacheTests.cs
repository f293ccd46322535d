using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Client.Tests;

public sealed class CacheTests : IAsyncLifetime
{
    private readonly ScriptedPeer _peer = new();
    private ClawPdpClient? _client;

    private ClawPdpClient Client => _client ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        await _peer.InitializeAsync();
        _client = new ClawPdpClient(ClawPdpClientOptions.WithToken("token") with { Address = _peer.Address, AuthorizeTimeout = TimeSpan.FromSeconds(20), CacheCapacity = 8 });
        var answer = ScriptedPeer.Allow();
        answer.DecidedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        answer.CacheableUntil = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(10));
        _peer.Steps["github"] = [ScriptedPeer.Step(answer)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Authorize_TheStreamIsOpen_RecallsUntilTheEpochMoves()
    {
        _peer.Epochs.Writer.TryWrite(7);
        await AskUntilAsync(static decision => decision.IsCached);
        var asked = _peer.Asked["github"];

        Assert.True((await AskAsync()).IsCached);
        Assert.Equal(asked, _peer.Asked["github"]);

        // The answers are still those of the epoch before: none is kept any more.
        _peer.Epochs.Writer.TryWrite(8);
        await AskUntilAsync(static decision => !decision.IsCached);
        Assert.False((await AskAsync()).IsCached);
    }

    [Fact]
    public async Task Authorize_TheStreamEnds_RecallsNothing()
    {
        _peer.Epochs.Writer.TryWrite(7);
        await AskUntilAsync(static decision => decision.IsCached);

        _peer.Epochs.Writer.TryWrite(0);

        await AskUntilAsync(static decision => !decision.IsCached);
        Assert.False((await AskAsync()).IsCached);
    }

    [Fact]
    public async Task Authorize_AnApproval_IsNeverRecalled()
    {
        _peer.Epochs.Writer.TryWrite(7);
        await AskUntilAsync(static decision => decision.IsCached);
        var action = new AgentAction { Tool = "github", Approvals = [new byte[] { 1 }] };

        await Client.AuthorizeAsync(action, TestContext.Current.CancellationToken);

        Assert.False((await Client.AuthorizeAsync(action, TestContext.Current.CancellationToken)).IsCached);
    }

    private async Task<AuthorizationDecision> AskAsync() => await Client.AuthorizeAsync(new AgentAction { Tool = "github" }, TestContext.Current.CancellationToken);

    private async Task AskUntilAsync(Func<AuthorizationDecision, bool> holds)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var attempt = 0; !holds(await AskAsync()); attempt++)
        {
            Assert.True(attempt < 1000, "it did not happen");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
