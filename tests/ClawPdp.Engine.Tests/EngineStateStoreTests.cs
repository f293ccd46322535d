namespace ClawPdp.Engine.Tests;

public sealed class EngineStateStoreTests
{
    [Fact]
    public async Task Moved_EveryWaiter_IsToldAtThePublishedEpoch()
    {
        using var fixture = new EngineFixture();
        var waiters = Enumerable.Range(0, 100).Select(async _ =>
        {
            await fixture.States.Moved;
            return fixture.States.Current.Epoch;
        }).ToArray();
        Assert.All(waiters, static waiter => Assert.False(waiter.IsCompleted));

        var published = fixture.States.Advance();

        Assert.All(await Task.WhenAll(waiters), epoch => Assert.Equal(published.Epoch, epoch));
        Assert.False(fixture.States.Moved.IsCompleted);
    }

    [Fact]
    public async Task Moved_TakenBeforeTheLook_MissesNoMove()
    {
        using var fixture = new EngineFixture();
        const int Moves = 2_000;
        var last = fixture.States.Current.Epoch + Moves;
        var watcher = Task.Run(async () =>
        {
            var seen = 0L;
            while (seen != last)
            {
                var moved = fixture.States.Moved;
                seen = fixture.States.Current.Epoch;
                if (seen != last)
                {
                    await moved;
                }
            }
        }, TestContext.Current.CancellationToken);

        for (var move = 0; move < Moves; move++)
        {
            fixture.States.Advance();
        }

        await watcher.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Publish_AWaiterThatDoesNotReturn_HoldsNothingUp()
    {
        using var fixture = new EngineFixture();
        using var published = new ManualResetEventSlim();
        var sawIt = new TaskCompletionSource<bool>();
        fixture.States.Moved.GetAwaiter().OnCompleted(() => sawIt.SetResult(published.Wait(TimeSpan.FromSeconds(30))));

        fixture.States.Advance();
        published.Set();

        Assert.True(await sawIt.Task);
    }
}
