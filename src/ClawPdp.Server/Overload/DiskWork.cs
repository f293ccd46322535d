using ClawPdp.Ledger;

namespace ClawPdp.Server.Overload;

/// <summary>
/// Lets few calls at a time do what blocks their thread on the disk, the rest wait without a thread. The pool has threads for these and some
/// more from the start, so a disk that hangs takes none from those who only decide.
/// </summary>
internal sealed class DiskWork : IDisposable
{
    private const int ShortMax = 4;
    private const int LongMax = 2;

    // For what blocks elsewhere: looking at watched files, say.
    private const int SpareThreads = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _short = new(ShortMax, ShortMax);
    private readonly SemaphoreSlim _long = new(LongMax, LongMax);

    /// <summary>Gives the pool its threads; once for the process.</summary>
    public static void ReserveThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + ShortMax + LongMax + SpareThreads), completions);
    }

    /// <summary>Does what reads a few records or writes a file.</summary>
    /// <exception cref="LedgerException">No turn came in time.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) => RunAsync(_short, work, cancellation);

    /// <summary>Does what reads many records; the short work does not wait for it.</summary>
    /// <exception cref="LedgerException">No turn came in time.</exception>
    public Task<T> RunLongAsync<T>(Func<T> work, CancellationToken cancellation) => RunAsync(_long, work, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _short.Dispose();
        _long.Dispose();
    }

    private static async Task<T> RunAsync<T>(SemaphoreSlim turns, Func<T> work, CancellationToken cancellation)
    {
        if (!await turns.WaitAsync(Patience, cancellation))
        {
            throw new LedgerException("the disk does not answer");
        }

        try
        {
            return work();
        }
        finally
        {
            turns.Release();
        }
    }
}
