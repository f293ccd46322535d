using ClawPdp.Bench.Histograms;

namespace ClawPdp.Bench.Statistics;

/// <summary>Units as rows of counts, in the columns of those buckets alone that any of them has: so that drawing thousands of times is quick.</summary>
internal sealed class UnitTable
{
    private readonly long[] _values;
    private readonly long[][] _rows;
    private readonly long[] _sums;
    private readonly double[] _seconds;
    private readonly long[] _total;

    public UnitTable(IReadOnlyList<SampleUnit> units)
    {
        var columns = Enumerable.Range(0, LatencyHistogram.BucketCount).Where(index => units.Any(unit => unit.Times.Counts[index] > 0)).ToArray();
        _values = [.. columns.Select(LatencyHistogram.HighestOf)];
        _rows = [.. units.Select(unit => columns.Select(index => unit.Times.Counts[index]).ToArray())];
        _sums = [.. units.Select(static unit => unit.Times.SumNanoseconds)];
        _seconds = [.. units.Select(static unit => unit.Seconds)];
        _total = new long[columns.Length];
    }

    /// <summary>Gets how many units there are.</summary>
    public int Count => _rows.Length;

    /// <summary>Computes every figure over the units that were drawn.</summary>
    /// <param name="drawn">The units' places; one may be drawn more than once.</param>
    /// <returns>The figures in the order of <see cref="Figures.Names"/>; <see langword="null"/> where there is no call in them.</returns>
    public double[]? Compute(ReadOnlySpan<int> drawn)
    {
        Array.Clear(_total);
        double sum = 0;
        double seconds = 0;
        foreach (var unit in drawn)
        {
            var row = _rows[unit];
            for (var column = 0; column < row.Length; column++)
            {
                _total[column] += row[column];
            }

            sum += _sums[unit];
            seconds += _seconds[unit];
        }

        var count = _total.Sum();
        return count == 0 ? null : [.. Figures.Shares.Select(share => (double)AtShare(share, count)), sum / count, count / seconds];
    }

    private long AtShare(double share, long count)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(share * count));
        long seen = 0;
        for (var column = 0; column < _total.Length; column++)
        {
            seen += _total[column];
            if (seen >= wanted)
            {
                return _values[column];
            }
        }

        return _values[^1];
    }
}
