using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Transport;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Calls;

/// <summary><c>AuthorizeStream</c>: questions on streams that stay open, so many under way on each.</summary>
internal sealed class StreamCalls : ICalls
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly BenchConnections _connections;
    private readonly StreamCall[] _streams;
    private readonly PendingAnswer[] _slots;
    private readonly PeriodicTimer _watch = new(WatchInterval, TimeProvider.System);
    private Task _watching = Task.CompletedTask;

    public StreamCalls(BenchPlan plan, QuestionFrames frames, CallProofs? proofs)
    {
        _connections = new BenchConnections(plan);
        _streams = [.. Enumerable.Range(0, plan.Callers).Select(stream => new StreamCall(_connections.Of(stream), _connections.AddressOf(CallMethods.AuthorizeStream), frames, proofs))];
        _slots = [.. Enumerable.Range(0, plan.Slots).Select(static _ => new PendingAnswer())];
    }

    public async Task OpenAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.OpenAsync().ConfigureAwait(false);
        }

        _watching = WatchAsync();
    }

    public ValueTask<CallOutcome> CallAsync(int slot, long sequence) => _streams[slot % _streams.Length].AskAsync(_slots[slot], sequence);

    public async ValueTask DisposeAsync()
    {
        _watch.Dispose();
        await _watching.ConfigureAwait(false);
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        _connections.Dispose();
    }

    private async Task WatchAsync()
    {
        while (await _watch.WaitForNextTickAsync().ConfigureAwait(false))
        {
            foreach (var stream in _streams)
            {
                stream.EndIfStuck();
            }
        }
    }
}
