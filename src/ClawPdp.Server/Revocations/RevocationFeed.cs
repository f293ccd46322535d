using System.Collections.Concurrent;

namespace ClawPdp.Server.Revocations;

/// <summary>
/// Wakes whoever waits for revocations that are on disk, and knows which hold already and are still on their way there. Safe for concurrent use.
/// </summary>
internal sealed class RevocationFeed
{
    private readonly ConcurrentDictionary<long, DateTimeOffset> _underWay = new();
    private TaskCompletionSource _next = NewSource();
    private long _places;

    /// <summary>Gets a task that completes when another revocation is on disk; take it before looking at the ledger.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Says that a revocation is on its way to the disk.</summary>
    /// <param name="revokedAt">Since when it holds.</param>
    /// <returns>Its place, for <see cref="End"/>.</returns>
    public long Begin(DateTimeOffset revokedAt)
    {
        var place = Interlocked.Increment(ref _places);
        _underWay[place] = revokedAt;
        return place;
    }

    /// <summary>Says that a revocation is on disk. Those that went before it are there by then, or never will be: the ledger takes them in their order.</summary>
    public void End(long place)
    {
        foreach (var entry in _underWay.Where(entry => entry.Key <= place))
        {
            _underWay.TryRemove(entry);
        }

        Interlocked.Exchange(ref _next, NewSource()).SetResult();
    }

    /// <summary>Gives the instant as of which the ledger has every revocation: the one given, or before the first that is on its way.</summary>
    public DateTimeOffset CompleteAsOf(DateTimeOffset now)
    {
        var first = _underWay.Values.DefaultIfEmpty(now).Min();
        return first < now ? first : now;
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
