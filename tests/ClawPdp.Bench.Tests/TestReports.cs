using System.Collections.Immutable;
using ClawPdp.Bench.Histograms;
using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Results;

namespace ClawPdp.Bench.Tests;

/// <summary>Runs with times drawn from a long-tailed distribution about 100 µs.</summary>
internal static class TestReports
{
    public static RunReport Run(int seed, double factor = 1, int calls = 10_000)
    {
        var random = new Random(seed);
        var slices = Enumerable.Range(0, 20).Select(_ =>
        {
            var histogram = new LatencyHistogram();
            for (var call = 0; call < calls / 20; call++)
            {
                histogram.Record((long)(factor * 100_000 * Math.Exp(Normal(random) * 0.3)));
            }

            return histogram;
        }).ToArray();
        var whole = new LatencyHistogram();
        foreach (var slice in slices)
        {
            whole.Add(slice);
        }

        var plan = BenchPlan.Create(new BenchOptions { Server = "unix:/x", TokenCount = 1, Allowed = new Question { Tool = "github" } }).Value;
        return new RunReport
        {
            FormatVersion = RunReport.FormatVersionNow,
            Label = "test",
            StartedAt = DateTimeOffset.UnixEpoch,
            ClawPdpVersion = "0",
            Machine = new MachineReport("processor", 2, "6"),
            Options = OptionsReport.Of(plan, ""),
            Results = Results(whole),
            Slices = [.. slices.Select(static (slice, index) => new SliceReport(index * 0.5, 0.5, 0, HistogramReport.Of(slice)))],
            Histogram = HistogramReport.Of(whole),
            ToolLateness = HistogramReport.Of(new LatencyHistogram()),
        };
    }

    private static ResultsReport Results(LatencyHistogram whole) => new()
    {
        Calls = whole.Count,
        Good = whole.Count,
        Errors = 0,
        ErrorsByKind = ImmutableSortedDictionary<string, long>.Empty,
        WarmUpCalls = 0,
        WarmUpErrors = 0,
        WarmUpErrorsByKind = ImmutableSortedDictionary<string, long>.Empty,
        Seconds = 10,
        CallsPerSecond = whole.Count / 10.0,
        QuestionsPerSecond = whole.Count / 10.0,
        LatencyUs = TimesReport.Of(whole),
        ServiceUs = TimesReport.Of(whole),
        ToolLateUs = null,
        WaitedForCaller = 0,
        SentBytes = 1,
        ReadBytes = 1,
        ToolCpuSeconds = 1,
        ToolCpuUsPerCall = 1,
        ToolCollections = 0,
        Marks = [],
    };

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
