using System.Collections.Immutable;

namespace ClawPdp.Bench.Results;

/// <summary>What makes a run's numbers less than they seem.</summary>
public static class RunMarks
{
    /// <summary>Calls were not answered as they should.</summary>
    public const string Errors = "errors";

    /// <summary>The tool itself sent late: by more than a fifth of the median at the median, or by more than half of the 99th percentile there.</summary>
    public const string ToolLate = "tool_late";

    /// <summary>More than one call in a thousand found every caller busy: there is load that the server did not see at its time.</summary>
    public const string CallersBusy = "callers_busy";

    /// <summary>Fewer than 99 % of the calls a second that were asked for were made.</summary>
    public const string RateMissed = "rate_missed";

    /// <summary>There are fewer than 10,000 good calls: the 99.9th percentile rests on fewer than ten.</summary>
    public const string FewCalls = "few_calls";

    private const double MedianShareMax = 0.2;
    private const double TailShareMax = 0.5;
    private const double WaitShareMax = 0.001;
    private const double RateShareMin = 0.99;
    private const long CallsMin = 10_000;

    /// <summary>Gives a run's marks.</summary>
    public static ImmutableArray<string> Of(ResultsReport results, double? rate)
    {
        var marks = ImmutableArray.CreateBuilder<string>();
        AddIf(results.Errors + results.WarmUpErrors > 0, Errors);
        AddIf(rate is not null && results.ToolLateUs?.P50 > MedianShareMax * results.LatencyUs?.P50, ToolLate);
        AddIf(rate is not null && results.ToolLateUs?.P99 > TailShareMax * results.LatencyUs?.P99 && !marks.Contains(ToolLate), ToolLate);
        AddIf(results.WaitedForCaller > WaitShareMax * results.Calls, CallersBusy);
        AddIf(rate is { } asked && results.Calls / results.Seconds < RateShareMin * asked, RateMissed);
        AddIf(results.Good < CallsMin, FewCalls);
        return marks.ToImmutable();

        void AddIf(bool isSo, string mark)
        {
            if (isSo)
            {
                marks.Add(mark);
            }
        }
    }

    /// <summary>Says what a mark means.</summary>
    public static string Meaning(string mark) => mark switch
    {
        Errors => "calls were not answered as they should: the run failed",
        ToolLate => "the tool itself sent late: the times hold its own delay, see service and tool late",
        CallersBusy => "calls waited for a free caller: more --callers, or a server that cannot take this rate",
        RateMissed => "fewer calls were made than asked for",
        FewCalls => "fewer than 10,000 good calls: p99.9 rests on fewer than ten of them",
        _ => mark,
    };
}
