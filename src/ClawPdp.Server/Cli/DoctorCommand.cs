using System.CommandLine;
using ClawPdp.Core.Json;
using ClawPdp.Server.Doctor;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Cli;

/// <summary><c>clawpdp doctor</c>: looks at everything that a sidecar needs, and says of each fault what to do.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "the configuration file", HelpName = "FILE", Required = true };
        var json = CommonOptions.Json();
        var command = new Command("doctor", "Look at clock, files, keys, policy, disk, addresses and identity providers, and say what to do; exits with 1 when something is wrong") { config, json };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(config) ?? "", parsed.GetValue(json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, bool isJson, CancellationToken cancellation)
    {
        var loaded = SettingsLoader.Load(path, Environment.GetEnvironmentVariables());
        IReadOnlyList<Finding> findings = loaded.TryGet(out var settings)
            ? [Finding.Ok("configuration", $"`{path}` is good"), .. await Examination.RunAsync(settings, TimeProvider.System, cancellation)]
            : [.. loaded.Faults.Select(fault => Finding.Wrong("configuration", FaultText.Write(path, fault with { Hint = null }), fault.Hint ?? "mend the member that is named"))];
        if (isJson)
        {
            Output.Json(Write(findings));
        }
        else
        {
            Show(findings);
        }

        return findings.All(static finding => finding.State is FindingState.Ok or FindingState.Warning) ? ExitCodes.Ok : ExitCodes.BadVerdict;
    }

    private static string NameOf(FindingState state) => state switch
    {
        FindingState.Ok => "ok",
        FindingState.Warning => "warning",
        _ => "fault",
    };

    private static void Show(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var colour = finding.State switch
            {
                FindingState.Ok => "green",
                FindingState.Warning => "yellow",
                _ => "red",
            };
            Output.Coloured($"{NameOf(finding.State),-8} {finding.Check}: {finding.Message}", colour);
            if (finding.Remedy.Length > 0)
            {
                Output.Line($"{"",-8} do: {finding.Remedy}");
            }
        }

        var faults = findings.Count(static finding => finding.State is not (FindingState.Ok or FindingState.Warning));
        var warnings = findings.Count(static finding => finding.State == FindingState.Warning);
        Output.Line($"{faults} faults, {warnings} warnings");
    }

    private static JsonValue Write(IReadOnlyList<Finding> findings) => new JsonObjectBuilder()
        .Add("healthy", JsonValue.Of(findings.All(static finding => finding.State is FindingState.Ok or FindingState.Warning)))
        .Add("findings", JsonValue.ArrayOf([.. findings.Select(static finding => new JsonObjectBuilder()
            .Add("state", NameOf(finding.State))
            .Add("check", finding.Check)
            .Add("message", finding.Message)
            .Add("remedy", finding.Remedy)
            .Build())]))
        .Build();
}
