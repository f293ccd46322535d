using System.Collections.Immutable;

namespace ClawPdp.Authoring.Testing;

/// <summary>Runs again whenever what a run depends on has other content.</summary>
public sealed class PolicyTestWatch
{
    /// <summary>How often it looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;

    /// <summary>Initializes a new instance of the <see cref="PolicyTestWatch"/> class.</summary>
    public PolicyTestWatch(TimeProvider time) => _time = time;

    /// <summary>Runs once, and then at every change until it is cancelled.</summary>
    /// <param name="paths">Folders and files to watch.</param>
    /// <param name="run">Runs and gives the files that it read.</param>
    /// <param name="cancellation">Ends the watching; that is no failure.</param>
    public async Task RunAsync(IReadOnlyList<string> paths, Func<Task<IReadOnlyList<string>>> run, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        IReadOnlyList<string> read = [];
        ImmutableSortedDictionary<string, string>? seen = null;
        do
        {
            var now = PolicyTestFiles.Snapshot(paths, read);
            if (seen is null || !now.SequenceEqual(seen))
            {
                read = await run();
                seen = WithNew(now, PolicyTestFiles.Snapshot(paths, read));
            }
        }
        while (await WaitAsync(timer, cancellation));
    }

    // What was there before the run counts as it was then: a file that changes under the run is seen at the next turn.
    private static ImmutableSortedDictionary<string, string> WithNew(ImmutableSortedDictionary<string, string> before, ImmutableSortedDictionary<string, string> after) =>
        after.ToImmutableSortedDictionary(static file => file.Key, file => before.GetValueOrDefault(file.Key, file.Value), StringComparer.Ordinal, StringComparer.Ordinal);

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
