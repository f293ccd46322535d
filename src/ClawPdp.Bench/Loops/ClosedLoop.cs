using ClawPdp.Bench.Calls;

namespace ClawPdp.Bench.Loops;

/// <summary>Callers that each call again as soon as they are answered.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs until the bounds are reached and every call has ended.</summary>
    public static async Task RunAsync(ICalls calls, int slots, LoopBounds bounds, Recorder recorder, TimeProvider time)
    {
        var next = new CallNumbers(bounds);
        await Task.WhenAll(Enumerable.Range(0, slots).Select(slot => Task.Run(() => CallAsync(calls, slot, next, bounds.End, recorder, time)))).ConfigureAwait(false);
    }

    private static async Task CallAsync(ICalls calls, int slot, CallNumbers numbers, long end, Recorder recorder, TimeProvider time)
    {
        for (var start = time.GetTimestamp(); start < end && numbers.TryTake(out var sequence); start = time.GetTimestamp())
        {
            var outcome = await calls.CallAsync(slot, sequence).ConfigureAwait(false);
            recorder.Record(new CallTimes(start, start, start, time.GetTimestamp()), sequence, outcome);
        }
    }
}
