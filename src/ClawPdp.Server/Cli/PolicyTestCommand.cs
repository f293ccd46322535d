using System.CommandLine;
using ClawPdp.Authoring.Testing;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp policy test</c>: holds policies against the answers that their authors expect.</summary>
internal static class PolicyTestCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var paths = new Argument<string[]>("DIR|FILE") { Description = "folders with *.test.json, *.test.yaml or *.test.yml, or test files", Arity = ArgumentArity.OneOrMore };
        var filter = new Option<string?>("--filter") { Description = "run only cases whose name holds this text", HelpName = "TEXT" };
        var coverage = new Option<bool>("--coverage") { Description = "print how far the cases reach the policies' statements" };
        var minimum = new Option<double?>("--coverage-min") { Description = "fail when less of the statements match in some case", HelpName = "PERCENT" };
        var watch = new Option<bool>("--watch") { Description = "run again whenever a file changes, until Ctrl-C" };
        var json = CommonOptions.Json();
        minimum.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is < 0 or > 100 or double.NaN)
            {
                result.AddError("--coverage-min: a percentage from 0 to 100 is expected");
            }
        });
        var command = new Command("test", "Run policy tests with the sidecar's own engine") { paths, filter, coverage, minimum, watch, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new PolicyTestOptions(
                parsed.GetValue(paths) ?? [],
                parsed.GetValue(filter),
                parsed.GetValue(coverage) || parsed.GetValue(minimum) is not null,
                parsed.GetValue(minimum) ?? 0,
                parsed.GetValue(json));
            return parsed.GetValue(watch) ? await WatchAsync(options, cancellation) : (await RunAsync(options)).Code;
        });
        return command;
    }

    private static async Task<int> WatchAsync(PolicyTestOptions options, CancellationToken cancellation)
    {
        var code = ExitCodes.Ok;
        await new PolicyTestWatch(TimeProvider.System).RunAsync(
            options.Paths,
            async () =>
            {
                Output.ClearTerminal();
                (code, var report) = await RunAsync(options);
                if (!options.IsJson)
                {
                    Output.Coloured("watching for changes, stop with Ctrl-C", "grey");
                }

                return report.Files;
            },
            cancellation);
        return code;
    }

    private static async Task<(int Code, PolicyTestReport Report)> RunAsync(PolicyTestOptions options)
    {
        var report = PolicyTestRun.Run(options.Paths, options.Filter);
        var reachesEnough = report.CoveragePercent >= options.CoverageMin;
        if (options.IsJson)
        {
            Output.Json(PolicyTestJson.Of(report, options));
        }
        else
        {
            await PolicyTestText.PrintAsync(report, options);
        }

        var isEmpty = report.PassedCount + report.FailedCount == 0;
        var code = !report.Faults.IsEmpty ? ExitCodes.BadInput
            : report.FailedCount > 0 || !reachesEnough || isEmpty ? ExitCodes.BadVerdict
            : ExitCodes.Ok;
        return (code, report);
    }
}
