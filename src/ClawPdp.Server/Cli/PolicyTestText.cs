using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Authoring.Testing;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Cli;

/// <summary>Prints a run of policy tests for people.</summary>
internal static class PolicyTestText
{
    /// <summary>Prints the run; what is wrong with files goes to standard error.</summary>
    public static async Task PrintAsync(PolicyTestReport report, PolicyTestOptions options)
    {
        foreach (var (suite, results) in report.Suites.Where(static item => !item.Results.IsEmpty))
        {
            Output.Line(suite.File);
            foreach (var result in results)
            {
                Print(result, suite.Targets.Length > 1);
            }
        }

        await PolicyInput.PrintAsync(report.Faults);
        if (options.ShowsCoverage)
        {
            PrintCoverage(report, options.CoverageMin);
        }

        if (report.PassedCount + report.FailedCount == 0 && report.Faults.IsEmpty)
        {
            Output.Coloured($"no case has `{options.Filter}` in its name", "red");
        }

        var brokenCount = report.Faults.Select(static found => found.File).Distinct(StringComparer.Ordinal).Count();
        var broken = brokenCount == 0 ? "" : $", files with faults: {brokenCount}";
        Output.Coloured($"{report.PassedCount} passed, {report.FailedCount} failed{broken}", report.FailedCount == 0 && report.Faults.IsEmpty ? "green" : "red");
    }

    /// <summary>Writes a percentage.</summary>
    public static string Percent(double percent) => percent.ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static void Print(PolicyTestResult result, bool namesPolicy)
    {
        var name = result.Case.Name + (namesPolicy ? $" ({result.Target.Chain.Policy.PolicyId})" : "");
        if (result.HasPassed)
        {
            Output.Coloured($"  ✓ {name}", "green");
            return;
        }

        Output.Coloured($"  ✗ {name} (line {result.Case.Line.ToString(CultureInfo.InvariantCulture)})", "red");
        var expected = result.Case.Expectation;
        Output.Line($"      expected  {Answer(expected.Effect, expected.Reason, expected.StatementIds)}");
        Output.Line($"      got       {Answer(result.Decision.Effect, result.Decision.Reason, result.Decision.StatementIds)}");
        foreach (var line in result.Explanation)
        {
            Output.Line("      " + line);
        }
    }

    private static string Answer(Effect effect, ReasonCode? reason, ImmutableArray<string>? sids)
    {
        var word = effect == Effect.Allow ? "allow" : "deny";
        var code = reason is { } known ? " " + ReasonCatalog.NameOf(known) : "";
        return word + code + (sids is { } ids ? $" [{string.Join(", ", ids)}]" : "");
    }

    private static void PrintCoverage(PolicyTestReport report, double minimum)
    {
        Output.Line("coverage of statements");
        foreach (var policy in report.Coverage)
        {
            Output.Line($"  {policy.PolicyId} {policy.PolicyHash}: {policy.MatchedCount} of {policy.Statements.Length}");
            foreach (var (sid, reach) in policy.Statements.Where(static statement => statement.Reach != StatementReach.Matched))
            {
                Output.Coloured($"    {sid}: {(reach == StatementReach.Evaluated ? "evaluated, never matched" : "never evaluated")}", "yellow");
            }
        }

        var isEnough = report.CoveragePercent >= minimum;
        var wanted = isEnough ? "" : $", {Percent(minimum)} is wanted";
        Output.Coloured($"  {Percent(report.CoveragePercent)}, {report.MatchedCount} of {report.StatementCount} statements{wanted}", isEnough ? "green" : "red");
    }
}
