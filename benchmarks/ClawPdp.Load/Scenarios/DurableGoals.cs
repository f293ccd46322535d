using ClawPdp.Load.Loops;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary>Holds medians over the rounds against the goals; ratios, as the numbers alone say little on a shared machine.</summary>
internal sealed class DurableGoals
{
    private readonly Dictionary<string, List<Samples>> _measured = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<double>> _processorTimes = new(StringComparer.Ordinal);
    private readonly string _label;

    /// <param name="label">What was measured, for the results.</param>
    public DurableGoals(string label) => _label = label;

    /// <summary>Keeps what was measured.</summary>
    public void Add(ResultFile results, string what, Samples samples)
    {
        results.Add($"{_label}: {what}", samples);
        if (!_measured.TryGetValue(what, out var list))
        {
            _measured.Add(what, list = []);
        }

        list.Add(samples);
    }

    /// <summary>Keeps what the sidecar holds of the memory.</summary>
    public void AddMemory(ResultFile results, double mebibytes) => results.Add($"{_label}: resident memory", mebibytes, "MiB");

    /// <summary>Keeps what one call took of the sidecar's processors; it says more than the rates where others use the machine, too.</summary>
    public void AddProcessorTime(ResultFile results, string what, TimeSpan each)
    {
        results.Add($"{_label}: {what}: processor time each", each.TotalMicroseconds, "µs");
        if (!_processorTimes.TryGetValue(what, out var list))
        {
            _processorTimes.Add(what, list = []);
        }

        list.Add(each.TotalMicroseconds);
    }

    /// <summary>Prints the goals that speak of the counts of callers that were measured.</summary>
    public void Print(ResultFile results, DurableGoals floors, int[] callerCounts)
    {
        var sign = floors.Time("floor: Ed25519 sign");
        var flushAndSign = floors.Time("floor: fdatasync") + sign;
        var rate = Math.Min(Environment.ProcessorCount * 1e6 / sign, floors.Rate("floor: SQLite group commit, 64 producers"));
        foreach (var count in callerCounts)
        {
            if (count == 1)
            {
                results.Add($"{_label}: receipt p50, 1 caller / (fdatasync + sign)", Time("SignReceipt, 1 callers") / flushAndSign, "ratio");
                results.Add($"{_label}: issue p50, 1 caller / (RS256 + sign + fdatasync)", Time("IssueCst, 1 callers") / (flushAndSign + floors.Time("floor: RS256 verify")), "ratio");
            }
            else
            {
                results.Add($"{_label}: receipt rate, {count} callers / min(sign, SQLite)", Rate($"SignReceipt, {count} callers") / rate, "ratio");
                results.Add($"{_label}: issue rate, {count} callers / min(sign, SQLite)", Rate($"IssueCst, {count} callers") / rate, "ratio");
            }
        }
    }

    /// <summary>Prints how many times as fast this was as another one.</summary>
    public void PrintAgainst(ResultFile results, DurableGoals other)
    {
        foreach (var what in _measured.Keys.Order(StringComparer.Ordinal))
        {
            results.Add($"{_label}: {what}: rate / rate of the other", Rate(what) / other.Rate(what), "times");
            results.Add($"{_label}: {what}: p50 / p50 of the other", Time(what) / other.Time(what), "ratio");
        }

        foreach (var (what, times) in _processorTimes.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            results.Add($"{_label}: {what}: processor time / that of the other", Median(times) / Median(other._processorTimes[what]), "ratio");
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private double Time(string what) => Median(_measured[what].Select(static samples => samples.Microseconds(0.5)));

    private double Rate(string what) => Median(_measured[what].Select(static samples => samples.PerSecond));
}
