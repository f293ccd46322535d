namespace ClawPdp.Engine.Counters;

/// <summary>
/// Counters that many threads count up and few read. Each processor has a stripe of its own, so that two that count at the same time do not
/// take the same line of memory from each other; a reading adds the stripes up. Counting allocates nothing and loses nothing. Safe for
/// concurrent use.
/// </summary>
public sealed class StripedCounters
{
    // Two cache lines of 64 bytes, as they are fetched in pairs.
    private const int LineLength = 16;
    private const int StripeCountMax = 16;

    private readonly long[] _cells;
    private readonly int _stride;
    private readonly int _mask;

    /// <summary>Initializes a new instance of the <see cref="StripedCounters"/> class.</summary>
    /// <param name="count">How many counters, at least 1.</param>
    public StripedCounters(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var stripeCount = 1;
        while (stripeCount < Math.Min(Environment.ProcessorCount, StripeCountMax))
        {
            stripeCount *= 2;
        }

        Count = count;
        _mask = stripeCount - 1;
        _stride = ((count + LineLength - 1) / LineLength * LineLength) + LineLength;
        _cells = new long[(stripeCount * _stride) + LineLength];
    }

    /// <summary>Gets how many counters there are.</summary>
    public int Count { get; }

    /// <summary>Counts.</summary>
    /// <param name="index">Which counter, from 0 to one less than <see cref="Count"/>.</param>
    /// <param name="amount">How much.</param>
    public void Add(int index, long amount = 1) =>
        Interlocked.Add(ref _cells[LineLength + ((Thread.GetCurrentProcessorId() & _mask) * _stride) + index], amount);

    /// <summary>Reads a counter; what is counted meanwhile may be in it or not.</summary>
    public long Read(int index)
    {
        var sum = 0L;
        for (var stripe = 0; stripe <= _mask; stripe++)
        {
            sum += Volatile.Read(ref _cells[LineLength + (stripe * _stride) + index]);
        }

        return sum;
    }
}
