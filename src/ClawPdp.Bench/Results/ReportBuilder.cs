using System.Collections.Immutable;
using ClawPdp.Bench.Histograms;
using ClawPdp.Bench.Loops;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Results;

/// <summary>Makes the report of a run from what was recorded.</summary>
internal sealed class ReportBuilder
{
    private readonly BenchPlan _plan;
    private readonly Recorder _measured;
    private readonly Recorder _warmUp;
    private readonly TimeProvider _time;
    private readonly long _start;

    public ReportBuilder(BenchPlan plan, Recorder measured, Recorder warmUp, long start, TimeProvider time)
    {
        _plan = plan;
        _measured = measured;
        _warmUp = warmUp;
        _start = start;
        _time = time;
    }

    public RunReport Build(string method, string version, DateTimeOffset startedAt, TimeSpan cpu, int collections)
    {
        var latency = Sum(_measured);
        var calls = latency.Count + _measured.ErrorCount;
        var seconds = SecondsAt(_measured.LastDone);
        var perSecond = seconds > 0 ? latency.Count / seconds : 0;
        var results = new ResultsReport
        {
            Calls = calls,
            Good = latency.Count,
            Errors = _measured.ErrorCount,
            ErrorsByKind = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, _measured.Errors),
            WarmUpCalls = Sum(_warmUp).Count + _warmUp.ErrorCount,
            WarmUpErrors = _warmUp.ErrorCount,
            WarmUpErrorsByKind = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, _warmUp.Errors),
            Seconds = Math.Round(seconds, 6),
            CallsPerSecond = Math.Round(perSecond, 3),
            QuestionsPerSecond = Math.Round(perSecond * _plan.QuestionsPerCall, 3),
            LatencyUs = TimesReport.Of(latency),
            ServiceUs = TimesReport.Of(_measured.Service),
            ProofUs = TimesReport.Of(_measured.Proving),
            ToolLateUs = TimesReport.Of(_measured.Lateness),
            WaitedForCaller = _measured.Waits,
            SentBytes = _measured.SentBytes,
            ReadBytes = _measured.ReadBytes,
            ToolCpuSeconds = Math.Round(cpu.TotalSeconds, 3),
            ToolCpuUsPerCall = calls > 0 ? Math.Round(cpu.TotalMicroseconds / calls, 3) : 0,
            ToolCollections = collections,
            Marks = [],
        };
        return new RunReport
        {
            FormatVersion = RunReport.FormatVersionNow,
            Label = _plan.Options.Label,
            StartedAt = startedAt,
            ClawPdpVersion = version,
            Machine = MachineReport.Read(),
            Options = OptionsReport.Of(_plan, method),
            Results = results with { Marks = RunMarks.Of(results, _plan.Options.Rate) },
            Slices = Slices(),
            Histogram = HistogramReport.Of(latency),
            ToolLateness = HistogramReport.Of(_measured.Lateness),
        };
    }

    private static LatencyHistogram Sum(Recorder recorder)
    {
        var sum = new LatencyHistogram();
        foreach (var slice in recorder.Slices)
        {
            sum.Add(slice.Latency);
        }

        return sum;
    }

    // A part without calls, as when a count was reached before its time, is left out; the part before it lasts until the next one.
    private ImmutableArray<SliceReport> Slices()
    {
        var slices = _measured.Slices.Where(static slice => !slice.IsEmpty).ToArray();
        var ends = slices.Skip(1).Select(static slice => slice.FirstStart).Append(_measured.LastDone);
        return [.. slices.Zip(ends, (slice, end) => new SliceReport(
            Math.Round(SecondsAt(slice.FirstStart), 6),
            Math.Max((end - slice.FirstStart) / (double)_time.TimestampFrequency, 1e-9),
            slice.Errors,
            HistogramReport.Of(slice.Latency)))];
    }

    private double SecondsAt(long timestamp) => Math.Max(0, (timestamp - _start) / (double)_time.TimestampFrequency);
}
