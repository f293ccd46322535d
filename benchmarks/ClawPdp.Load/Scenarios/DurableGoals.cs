using ClawPdp.Load.Loops;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary>Holds medians over the rounds against the goals; ratios, as the numbers alone say little on a shared machine.</summary>
internal sealed class DurableGoals
{
    private readonly Dictionary<string, List<Samples>> _measured = new(StringComparer.Ordinal);

    public void Add(string what, Samples samples)
    {
        if (!_measured.TryGetValue(what, out var list))
        {
            _measured.Add(what, list = []);
        }

        list.Add(samples);
    }

    public void Print(ResultFile results, string label)
    {
        var flushAndSign = Time("fdatasync") + Time("sign");
        results.Add($"{label}: receipt p50, 1 caller / (fdatasync + sign)", Time("receipt 1") / flushAndSign, "ratio");
        results.Add($"{label}: issue p50, 1 caller / (RS256 + sign + fdatasync)", Time("issue 1") / (flushAndSign + Time("rsa")), "ratio");
        var signRate = Environment.ProcessorCount * 1e6 / Time("sign");
        results.Add($"{label}: receipt rate, 64 callers / min(sign, SQLite)", Rate("receipt 64") / Math.Min(signRate, Rate("sqlite 64")), "ratio");
        results.Add($"{label}: issue rate, 64 callers / min(sign, SQLite)", Rate("issue 64") / Math.Min(signRate, Rate("sqlite 64")), "ratio");
    }

    private double Time(string what) => Median(_measured[what].Select(static samples => samples.Microseconds(0.5)));

    private double Rate(string what) => Median(_measured[what].Select(static samples => samples.PerSecond));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
