using System.CommandLine;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary><c>start</c>: from exec to the first answer.</summary>
internal static class StartScenario
{
    public static Command Create()
    {
        var binary = CommonOptions.Binary();
        var folder = CommonOptions.Folder();
        var results = CommonOptions.Results();
        var rounds = CommonOptions.Rounds();
        var label = new Option<string>("--label") { Description = "what the ledger is like, for the results", DefaultValueFactory = static _ => "empty ledger" };
        var command = new Command("start", "Measure from exec to the first answer, with the ledger of a folder") { binary, folder, results, rounds, label };
        command.SetAction(parsed => RunAsync(parsed.GetValue(binary) ?? "", parsed.GetValue(folder), new ResultFile(parsed.GetValue(results)), parsed.GetValue(rounds), parsed.GetValue(label) ?? ""));
        return command;
    }

    private static async Task<int> RunAsync(string binary, string? folder, ResultFile results, int rounds, string label)
    {
        await using var rig = await Rig.CreateAsync(binary, folder);
        for (var round = 0; round < rounds; round++)
        {
            await using var sidecar = await rig.StartAsync();
            results.Add($"{label}: start to first answer", sidecar.StartTime.TotalMilliseconds, "ms");
            results.Add($"{label}: resident memory after start", sidecar.ResidentMebibytes, "MiB");
        }

        return 0;
    }
}
