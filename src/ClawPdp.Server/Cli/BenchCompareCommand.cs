using System.CommandLine;
using System.Globalization;
using ClawPdp.Bench.Results;
using ClawPdp.Bench.Statistics;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp bench compare</c>: the ratio of two runs, or of two sides with several rounds each, with a confidence interval.</summary>
internal static class BenchCompareCommand
{
    private const int RoundsMax = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var pair = new Argument<string[]>("FILE") { Description = "results: that of A, that of B", Arity = new ArgumentArity(0, 2) };
        var sideA = Side("--a", "results of A's rounds, in their order");
        var sideB = Side("--b", "results of B's rounds, in their order");
        var ratioMax = new Option<double?>("--max-ratio") { Description = "exit code 1 if the interval of the median's ratio, B to A, reaches above this", HelpName = "RATIO" };
        var json = new Option<string?>("--json") { Description = "write the comparison to a file, as JSON", HelpName = "FILE" };
        var command = new Command("compare", "Compare runs: the ratio of B to A, with a 95 % confidence interval") { pair, sideA, sideB, ratioMax, json };
        command.SetAction(async parsed =>
        {
            var files = parsed.GetValue(pair) ?? [];
            var (filesA, filesB) = (parsed.GetValue(sideA) ?? [], parsed.GetValue(sideB) ?? []);
            (filesA, filesB) = (files, filesA, filesB) switch
            {
                ([var one, var other], [], []) => ([one], [other]),
                ([], [_, ..], [_, ..]) => (filesA, filesB),
                _ => throw new InputException("two files, or --a FILE... --b FILE..."),
            };
            var report = RunComparison.Compare(Read(filesA), Read(filesB));
            if (parsed.GetValue(json) is { } path)
            {
                await BenchOutput.WriteFileAsync(path, ReportFile.Write(report));
            }

            Print(report);
            return await JudgeAsync(report, parsed.GetValue(ratioMax));
        });
        return command;
    }

    private static Option<string[]> Side(string name, string description) => new(name) { Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true };

    private static RunReport[] Read(string[] files) => files.Length <= RoundsMax
        ? [.. files.Select(static file => Input.Require(file, ReportFile.Read(Input.Read(file, ReportFile.SizeMaxBytes))))]
        : throw new InputException($"at most {RoundsMax} rounds a side");

    private static void Print(ComparisonReport report)
    {
        Output.Line($"{"",-12} {"A",14} {"B",14} {"B / A",10}   95 % interval");
        foreach (var figure in report.Figures)
        {
            Output.Line(string.Create(CultureInfo.InvariantCulture, $"{NameOf(figure),-12} {Value(figure, figure.A),14} {Value(figure, figure.B),14} {figure.Ratio,10:F4}   {Interval(figure)}"));
        }

        Output.Line("");
        Output.Line(string.Create(CultureInfo.InvariantCulture, $"drawn: {report.UnitsA} and {report.UnitsB} {report.Unit}s{(report.Paired ? ", in pairs" : "")}"));
        foreach (var note in report.Notes)
        {
            Output.Coloured("note: " + note, "yellow");
        }
    }

    private static bool IsRate(RatioReport figure) => figure.Name is "throughput";

    private static string NameOf(RatioReport figure) => figure.Name + (IsRate(figure) ? " /s" : " µs");

    private static string Value(RatioReport figure, double? value) => value is { } known
        ? (IsRate(figure) ? known : known / 1000).ToString("F1", CultureInfo.InvariantCulture)
        : "-";

    private static string Interval(RatioReport figure) => figure is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $"{low:F4} to {high:F4}") : "not known";

    private static async Task<int> JudgeAsync(ComparisonReport report, double? ratioMax)
    {
        if (ratioMax is not { } bound)
        {
            return ExitCodes.Ok;
        }

        // What is not known is not within the bound.
        var high = report.Figures.First(static figure => figure.Name is "p50").High;
        if (high <= bound)
        {
            return ExitCodes.Ok;
        }

        await Output.ErrorAsync(string.Create(CultureInfo.InvariantCulture, $"the median's ratio may be as high as {high?.ToString("F4", CultureInfo.InvariantCulture) ?? "anything"}, which is above {bound}"));
        return ExitCodes.BadVerdict;
    }
}
