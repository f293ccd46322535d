using ClawPdp.Authoring.Testing;
using Microsoft.Extensions.Time.Testing;

namespace ClawPdp.Authoring.Tests.Testing;

public sealed class PolicyTestWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_ChangedContent_RunsAgainAndSameContentDoesNot()
    {
        _folder.Write("a.json", "1");
        using var stopping = new CancellationTokenSource();
        var runs = 0;
        var watching = new PolicyTestWatch(_time).RunAsync([_folder.Root], () => Task.FromResult(Count(ref runs)), stopping.Token);

        Assert.Equal(1, runs);
        _folder.Write("a.json", "2");
        await TickUntilAsync(() => runs == 2);
        _folder.Write("a.json", "2");
        _folder.Write("notes.txt", "not looked at");
        for (var turn = 0; turn < 20; turn++)
        {
            _time.Advance(PolicyTestWatch.Interval);
            await Task.Yield();
        }

        _folder.Write("b.yaml", "1");
        await TickUntilAsync(() => runs == 3);
        await stopping.CancelAsync();
        await watching;

        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task RunAsync_FileThatTheRunReadElsewhere_IsWatchedToo()
    {
        using var elsewhere = new TemporaryFolder();
        var file = elsewhere.Write("p.json", "1");
        using var stopping = new CancellationTokenSource();
        var runs = 0;
        var watching = new PolicyTestWatch(_time).RunAsync(
            [_folder.Root],
            () =>
            {
                runs++;
                return Task.FromResult<IReadOnlyList<string>>([file]);
            },
            stopping.Token);

        elsewhere.Write("p.json", "2");
        await TickUntilAsync(() => runs == 2);
        await stopping.CancelAsync();
        await watching;

        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task RunAsync_FileThatChangesUnderTheRun_IsSeenAtTheNextTurn()
    {
        _folder.Write("a.json", "1");
        using var stopping = new CancellationTokenSource();
        var runs = 0;
        var watching = new PolicyTestWatch(_time).RunAsync(
            [_folder.Root],
            () =>
            {
                _folder.Write("a.json", ++runs == 1 ? "2" : "3");
                return Task.FromResult<IReadOnlyList<string>>([]);
            },
            stopping.Token);

        await TickUntilAsync(() => runs == 2);
        await stopping.CancelAsync();
        await watching;

        Assert.True(runs >= 2);
    }

    private static IReadOnlyList<string> Count(ref int runs)
    {
        runs++;
        return [];
    }

    // The timer's continuation runs on a thread of the pool: turns are given until it was there.
    private async Task TickUntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            _time.Advance(PolicyTestWatch.Interval);
            await Task.Yield();
        }
    }
}
