namespace ClawPdp.Client.Tests;

/// <summary>What the caller gives up is no answer, and is told from what goes wrong.</summary>
public sealed class GivingUpTests : IAsyncLifetime
{
    private static readonly AgentAction Action = AgentAction.CallTool("github");

    private readonly ScriptedPeer _peer = new();
    private readonly CancellationTokenSource _caller = new();

    public async ValueTask InitializeAsync()
    {
        await _peer.InitializeAsync();
        _peer.Steps["github"] = [ScriptedPeer.Step(ScriptedPeer.Allow())];
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Authorize_GivenUpWhileTheTokenIsAwaited_IsNoAnswer() => await AssertGivenUpAsync(WaitAsync);

    [Fact]
    public async Task Authorize_GivenUpWhileTheTokenFailsOtherwise_IsNoAnswer() => await AssertGivenUpAsync(async _ =>
    {
        await _caller.CancelAsync();
        throw new HttpRequestException("secret");
    });

    [Fact]
    public async Task Authorize_GivenUpWhileTheAnswerIsAwaited_IsNoAnswer() => await AssertGivenUpAsync(async _ =>
    {
        // The call begins as one that is given up already.
        await _caller.CancelAsync();
        return "token";
    });

    [Fact]
    public async Task Authorize_TheTokensOwnTimeLimit_IsADenial()
    {
        await using var client = ClientOf(static _ => throw new TaskCanceledException("late"));

        var decision = await client.AuthorizeAsync(Action, _caller.Token);
        var all = await client.AuthorizeAllAsync([Action], _caller.Token);

        Assert.Equal((false, ClientReasons.NoToken), (decision.IsAllowed, decision.Reason));
        Assert.Equal(ClientReasons.NoToken, Assert.Single(all).Reason);
    }

    [Fact]
    public async Task SignReceipt_GivenUpWhileTheTokenIsAwaited_IsNotSigned()
    {
        await using var client = ClientOf(WaitAsync);

        var failure = await Assert.ThrowsAsync<ReceiptNotSignedException>(() => client.SignReceiptAsync(Action, new AuthorizationDecision(), new ActionReport(), "nonce", _caller.Token));

        Assert.Equal((ClientReasons.Cancelled, "nonce"), (failure.Refusal.Reason, failure.Nonce));
        Assert.Empty(_peer.Receipts);
    }

    private async Task AssertGivenUpAsync(Func<CancellationToken, ValueTask<string>> token)
    {
        await using var client = ClientOf(token);
        var acted = false;

        var failure = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.AuthorizeAsync(Action, _caller.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await client.AuthorizeAllAsync([Action], _caller.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.RunAsync(
            Action,
            _ =>
            {
                acted = true;
                return Task.CompletedTask;
            },
            _caller.Token));

        Assert.Equal(_caller.Token, failure.CancellationToken);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.False(acted);
        Assert.Empty(_peer.Receipts);
    }

    private async ValueTask<string> WaitAsync(CancellationToken cancellation)
    {
        await _caller.CancelAsync();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return "token";
    }

    private ClawPdpClient ClientOf(Func<CancellationToken, ValueTask<string>> token) =>
        new(new ClawPdpClientOptions { Token = token, Address = _peer.Address, AuthorizeTimeout = TimeSpan.FromSeconds(20) });
}
