using System.Diagnostics;

namespace ClawPdp.Load.Loops;

/// <summary>Callers that each ask again as soon as they are answered, for a bounded time.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs callers on tasks of their own.</summary>
    /// <param name="callers">How many.</param>
    /// <param name="duration">How long.</param>
    /// <param name="operation">One operation of one caller, which throws when it was not answered as it should.</param>
    public static async Task<Samples> RunAsync(int callers, TimeSpan duration, Func<int, Task> operation)
    {
        var watch = Stopwatch.StartNew();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, watch, duration, operation))));
        return new Samples(times.SelectMany(static own => own), watch.Elapsed);
    }

    /// <summary>Runs one caller on this thread.</summary>
    public static Samples Run(TimeSpan duration, Action operation)
    {
        var times = new List<long>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            operation();
            times.Add(Stopwatch.GetTimestamp() - started);
        }

        return new Samples(times, watch.Elapsed);
    }

    private static async Task<List<long>> CallAsync(int caller, Stopwatch watch, TimeSpan duration, Func<int, Task> operation)
    {
        var times = new List<long>();
        while (watch.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            await operation(caller);
            times.Add(Stopwatch.GetTimestamp() - started);
        }

        return times;
    }
}
