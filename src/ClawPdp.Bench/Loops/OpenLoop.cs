using ClawPdp.Bench.Calls;

namespace ClawPdp.Bench.Loops;

/// <summary>
/// Calls by a fixed schedule, whatever becomes of the calls before. A call's time counts from the instant that the schedule has it, also where
/// it could not be sent then: so a server that stands still is charged with every call that it kept waiting.
/// </summary>
internal sealed class OpenLoop
{
    private readonly ICalls _calls;
    private readonly IPace _pace;
    private readonly TimeProvider _time;
    private readonly double _ticksPerCall;
    private readonly Task[] _running;
    private readonly SlotPool _pool;

    /// <summary>Makes a loop.</summary>
    /// <param name="calls">The calls.</param>
    /// <param name="slots">How many can be under way at once.</param>
    /// <param name="ratePerSecond">How many are to start a second.</param>
    /// <param name="pace">Waits for the instants.</param>
    /// <param name="time">The clock.</param>
    public OpenLoop(ICalls calls, int slots, double ratePerSecond, IPace pace, TimeProvider time)
    {
        _calls = calls;
        _pace = pace;
        _time = time;
        _ticksPerCall = time.TimestampFrequency / ratePerSecond;
        _running = [.. Enumerable.Repeat(Task.CompletedTask, slots)];
        _pool = new SlotPool(slots);
    }

    /// <summary>Gives the instant of a call.</summary>
    /// <param name="start">The schedule's beginning.</param>
    /// <param name="index">The call's place in it, from 0.</param>
    /// <param name="ticksPerCall">The clock's ticks from one call to the next.</param>
    public static long InstantOf(long start, long index, double ticksPerCall) => start + (long)(index * ticksPerCall);

    /// <summary>Runs on a thread of its own until the bounds are reached and every call has ended.</summary>
    public async Task RunAsync(LoopBounds bounds, Recorder recorder)
    {
        await Task.Factory.StartNew(() => Send(bounds, recorder), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
    }

    private void Send(LoopBounds bounds, Recorder recorder)
    {
        for (long index = 0; index < bounds.Count; index++)
        {
            var intended = InstantOf(bounds.Start, index, _ticksPerCall);
            if (intended >= bounds.End)
            {
                return;
            }

            _pace.WaitUntil(intended);
            var (slot, freeSince) = _pool.Take();
            _running[slot] = CallAsync(slot, bounds.First + index, intended, Math.Max(intended, freeSince), recorder);
        }
    }

    private async Task CallAsync(int slot, long sequence, long intended, long ready, Recorder recorder)
    {
        var sent = _time.GetTimestamp();
        var outcome = await _calls.CallAsync(slot, sequence).ConfigureAwait(false);
        var done = _time.GetTimestamp();
        recorder.Record(new CallTimes(intended, ready, sent, done), sequence, outcome);
        _pool.Return(slot, _time.GetTimestamp());
    }
}
