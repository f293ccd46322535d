using ClawPdp.Bench.Calls;

namespace ClawPdp.Bench.Tests;

/// <summary>A server on the simulated clock, which answers one call at a time.</summary>
internal sealed class SimulatedCalls(SimulatedClock clock, Func<long, TimeSpan> time, Func<long, string?>? fault = null) : ICalls
{
    public int Count { get; private set; }

    public Task OpenAsync() => Task.CompletedTask;

    public ValueTask<CallOutcome> CallAsync(int slot, long sequence)
    {
        Count++;
        clock.Spend(time(sequence));
        return ValueTask.FromResult(new CallOutcome(fault?.Invoke(sequence), 100, 50));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
