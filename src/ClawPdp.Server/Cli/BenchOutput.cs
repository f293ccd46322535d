using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text;
using ClawPdp.Bench.Histograms;
using ClawPdp.Bench.Results;
using ClawPdp.Core.Faults;

namespace ClawPdp.Server.Cli;

/// <summary>Writes what a run of <c>clawpdp bench</c> came to: a table for people, files for programs.</summary>
internal static class BenchOutput
{
    /// <summary>Gets the program's version.</summary>
    public static string Version => typeof(BenchOutput).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Gives a checked value; faults name options.</summary>
    /// <exception cref="InputException">There is a fault.</exception>
    public static T Require<T>(Result<T> result)
        where T : class =>
        result.TryGet(out var value) ? value : throw new InputException(string.Join('\n', result.Faults.Select(static fault => $"{fault.Pointer}: {fault.Message}")));

    /// <summary>Writes the files, then the table.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(RunReport report, BenchLoadOptions options, ParseResult parsed)
    {
        if (parsed.GetValue(options.Json) is { } json)
        {
            await WriteFileAsync(json, ReportFile.Write(report));
        }

        if (parsed.GetValue(options.Hdr) is { } hdr)
        {
            await WriteFileAsync(hdr, Encoding.UTF8.GetBytes(HistogramText.Percentiles(Times(report.Histogram))));
        }

        if (parsed.GetValue(options.Log) is { } log)
        {
            var parts = report.Slices.Select(static slice => (slice.StartSeconds, slice.Seconds, Times(slice.Histogram)));
            await WriteFileAsync(log, Encoding.UTF8.GetBytes(HistogramText.Log(report.StartedAt, parts)));
        }

        Print(report);
        return report.Results.Errors + report.Results.WarmUpErrors == 0 && report.Results.Good > 0 ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    /// <summary>Writes a file.</summary>
    public static Task WriteFileAsync(string path, byte[] content) => File.WriteAllBytesAsync(Path.GetFullPath(path), content);

    private static LatencyHistogram Times(HistogramReport histogram) => histogram.Read() ?? throw new InvalidOperationException("the tool cannot read its own histogram");

    private static void Print(RunReport report)
    {
        var (options, results) = (report.Options, report.Results);
        Output.Line(Invariant($"{options.Call} {options.Method}{(options.Method.Length > 0 ? " " : "")}at {options.Server}, {options.Loop} loop, {options.Connections} connections, {options.Callers} callers{(report.Label.Length > 0 ? ": " + report.Label : "")}"));
        Output.Line("");
        Output.Line($"{"µs",-22} {"p50",10} {"p90",10} {"p99",10} {"p99.9",10} {"max",10} {"mean",10}");
        PrintTimes("latency", results.LatencyUs);
        if (options.Rate is not null)
        {
            PrintTimes("service", results.ServiceUs);
            PrintTimes("tool late", results.ToolLateUs);
        }

        if (results.ProofUs is not null)
        {
            PrintTimes("proof, in it", results.ProofUs);
        }

        Output.Line("");
        var asked = options.Rate is { } rate ? Invariant($" of {rate:F0} asked") : "";
        var questions = options.QuestionsPerCall > 1 ? Invariant($", {results.QuestionsPerSecond:F0} questions/s") : "";
        Output.Pairs(
        [
            ("rate", Invariant($"{results.CallsPerSecond:F1} good calls/s{asked}{questions}")),
            ("calls", Invariant($"{results.Calls} in {results.Seconds:F2} s, {results.WarmUpCalls} before in the warm-up")),
            ("errors", Invariant($"{results.Errors}, in the warm-up {results.WarmUpErrors}")),
            ("waited for a caller", Invariant($"{results.WaitedForCaller} calls")),
            ("bytes", Invariant($"{results.SentBytes} sent, {results.ReadBytes} read")),
            ("tool's own CPU", Invariant($"{results.ToolCpuSeconds:F2} s, {results.ToolCpuUsPerCall:F1} µs a call, {results.ToolCollections} collections")),
        ]);
        PrintErrors("", results.ErrorsByKind);
        PrintErrors(" in the warm-up", results.WarmUpErrorsByKind);

        foreach (var mark in results.Marks)
        {
            Output.Coloured($"note: {RunMarks.Meaning(mark)}", mark is RunMarks.Errors ? "red" : "yellow");
        }
    }

    private static void PrintErrors(string where, IEnumerable<KeyValuePair<string, long>> errors)
    {
        foreach (var (kind, count) in errors)
        {
            Output.Coloured(Invariant($"  {count} x {kind}{where}"), "red");
        }
    }

    private static void PrintTimes(string name, TimesReport? times) => Output.Line(times is null
        ? Invariant($"{name,-22} {"-",10} {"-",10} {"-",10} {"-",10} {"-",10} {"-",10}")
        : Invariant($"{name,-22} {times.P50,10:F1} {times.P90,10:F1} {times.P99,10:F1} {times.P999,10:F1} {times.Max,10:F1} {times.Mean,10:F1}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
