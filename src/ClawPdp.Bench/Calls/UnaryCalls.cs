using System.Diagnostics;
using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Transport;
using ClawPdp.Bench.Wire;

namespace ClawPdp.Bench.Calls;

/// <summary>Calls with one message each way. Callers share the connections evenly.</summary>
internal abstract class UnaryCalls : ICalls
{
    private readonly BenchConnections _connections;
    private readonly UnaryCall[] _slots;
    private readonly CallProofs? _proofs;

    protected UnaryCalls(BenchPlan plan, string method, int messageMax, CallProofs? proofs)
    {
        _proofs = proofs;
        _connections = new BenchConnections(plan);
        _slots = [.. Enumerable.Range(0, plan.Slots).Select(slot => _connections.CreateUnary(slot, method, messageMax + GrpcFrame.HeadLength))];
    }

    public Task OpenAsync() => Task.CompletedTask;

    public async ValueTask<CallOutcome> CallAsync(int slot, long sequence)
    {
        var call = _slots[slot];
        var proving = TimeSpan.Zero;
        if (_proofs is not null)
        {
            // To sign takes as long as all the rest of the sending, and must not hold up the thread that keeps the schedule.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var start = Stopwatch.GetTimestamp();
            if (!await call.ProveAsync(_proofs, TokensOf(sequence)).ConfigureAwait(false))
            {
                return new CallOutcome(CallProofs.NotMade, 0, 0);
            }

            proving = Stopwatch.GetElapsedTime(start);
        }

        var length = Write(call.Request[GrpcFrame.HeadLength..], slot, sequence);
        GrpcFrame.WriteHead(call.Request, length);
        var answer = await call.SendAsync(GrpcFrame.HeadLength + length).ConfigureAwait(false);
        var fault = answer.Fault ?? (GrpcFrame.TryReadOnly(answer.Body.Span, out var message) ? Check(message, slot, sequence) : AnswerCheck.Broken);
        return new CallOutcome(fault, GrpcFrame.HeadLength + length, answer.Body.Length, proving);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }

        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes a call's message.</summary>
    /// <returns>How many bytes it took.</returns>
    protected abstract int Write(Span<byte> destination, int slot, long sequence);

    /// <summary>Gives the places of the tokens that a call shows, each once.</summary>
    protected abstract IEnumerable<int> TokensOf(long sequence);

    /// <summary>Checks a call's answer.</summary>
    /// <returns>The kind of fault; <see langword="null"/> for none.</returns>
    protected abstract string? Check(ReadOnlySpan<byte> message, int slot, long sequence);
}
