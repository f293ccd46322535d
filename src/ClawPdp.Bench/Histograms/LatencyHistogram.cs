using System.Numerics;

namespace ClawPdp.Bench.Histograms;

/// <summary>
/// Counts times in the buckets of HdrHistogram with three significant digits: each bucket is at most 0.1 % wide, from 1 ns to an hour. Any
/// thread may record; reading is for when all of them are done.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>How many significant decimal digits of a value are kept.</summary>
    public const int SignificantDigits = 3;

    /// <summary>The longest time, in nanoseconds: an hour. Longer ones count as this.</summary>
    public const long HighestNanoseconds = 3_600_000_000_000;

    /// <summary>How many buckets there are.</summary>
    public const int BucketCount = (DoublingCount + 1) * HalfCount;

    internal const int DoublingCount = 32;
    internal const int SubBucketCount = 2 * HalfCount;

    private const int HalfCount = 1 << HalfCountBits;
    private const int HalfCountBits = 10;

    private readonly long[] _counts = new long[BucketCount];
    private long _count;
    private long _sum;
    private long _max;

    /// <summary>Gets how many times were recorded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Gets the sum of the times, in nanoseconds, exactly.</summary>
    public long SumNanoseconds => Volatile.Read(ref _sum);

    /// <summary>Gets the longest time, in nanoseconds, exactly; 0 where there is none.</summary>
    public long MaxNanoseconds => Volatile.Read(ref _max);

    /// <summary>Gets the mean, in nanoseconds; 0 where there is no time.</summary>
    public double MeanNanoseconds => Count == 0 ? 0 : (double)SumNanoseconds / Count;

    /// <summary>Gets the buckets' counts, in the order of their times.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Gives the longest time of a bucket, in nanoseconds, as HdrHistogram reports it.</summary>
    /// <param name="index">The bucket, from 0.</param>
    public static long HighestOf(int index)
    {
        var doubling = Math.Max(0, (index >> HalfCountBits) - 1);
        long within = index < SubBucketCount ? index : (index & (HalfCount - 1)) + HalfCount;
        return ((within + 1) << doubling) - 1;
    }

    /// <summary>Records a time.</summary>
    /// <param name="nanoseconds">The time; below 0 counts as 0.</param>
    public void Record(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, HighestNanoseconds);
        Interlocked.Increment(ref _counts[IndexOf(value)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, value);
        var seen = Volatile.Read(ref _max);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref _max, value, seen);
            seen = before == seen ? value : before;
        }
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var index = 0; index < BucketCount; index++)
        {
            _counts[index] += other._counts[index];
        }

        _count += other._count;
        _sum += other._sum;
        _max = Math.Max(_max, other._max);
    }

    /// <summary>Gives the time that a share of the recorded ones took at most, in nanoseconds; 0 where there is none.</summary>
    /// <param name="share">The share: 0 to 1.</param>
    public long AtShare(double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var index = 0; index < BucketCount; index++)
        {
            seen += _counts[index];
            if (seen >= wanted)
            {
                // The exact maximum is known: no bucket may claim more.
                return Math.Min(HighestOf(index), MaxNanoseconds);
            }
        }

        return MaxNanoseconds;
    }

    /// <summary>Makes one from counts that were kept.</summary>
    /// <param name="counts">The buckets' counts: at most <see cref="BucketCount"/>.</param>
    /// <param name="sumNanoseconds">The exact sum.</param>
    /// <param name="maxNanoseconds">The exact maximum.</param>
    internal static LatencyHistogram Of(ReadOnlySpan<long> counts, long sumNanoseconds, long maxNanoseconds)
    {
        var histogram = new LatencyHistogram { _sum = sumNanoseconds, _max = maxNanoseconds };
        counts.CopyTo(histogram._counts);
        foreach (var count in counts)
        {
            histogram._count += count;
        }

        return histogram;
    }

    internal static int IndexOf(long value)
    {
        var doubling = 64 - BitOperations.LeadingZeroCount((ulong)value | (SubBucketCount - 1)) - (HalfCountBits + 1);
        return (doubling << HalfCountBits) + (int)(value >> doubling);
    }
}
