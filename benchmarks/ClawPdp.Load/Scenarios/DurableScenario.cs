using System.CommandLine;
using ClawPdp.Load.Floors;
using ClawPdp.Load.Loops;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary><c>durable</c>: SignReceipt and IssueCst at 1, 8 and 64 callers, in turns with the floors that the goals name.</summary>
internal static class DurableScenario
{
    private static readonly int[] CallerCounts = [1, 8, 64];

    public static Command Create()
    {
        var binary = CommonOptions.Binary();
        var folder = CommonOptions.Folder();
        var results = CommonOptions.Results();
        var rounds = CommonOptions.Rounds();
        var seconds = CommonOptions.Seconds();
        var label = new Option<string>("--label") { Description = "what the ledger is like, for the results", DefaultValueFactory = static _ => "empty ledger" };
        var command = new Command("durable", "Measure durable receipts and issuances against their floors") { binary, folder, results, rounds, seconds, label };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(binary) ?? "",
            parsed.GetValue(folder),
            new ResultFile(parsed.GetValue(results)),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(label) ?? ""));
        return command;
    }

    private static async Task<int> RunAsync(string binary, string? folder, ResultFile results, int rounds, TimeSpan duration, string label)
    {
        await using var rig = await Rig.CreateAsync(binary, folder);
        await using var sidecar = await rig.StartAsync();
        using var callers = new Callers(rig.Issuer, CallerCounts[^1]);
        await callers.PrepareAsync();
        await ClosedLoop.RunAsync(8, TimeSpan.FromSeconds(2), callers.SignAsync);
        await ClosedLoop.RunAsync(8, TimeSpan.FromSeconds(1), callers.IssueAsync);
        var goals = new DurableGoals();
        for (var round = 1; round <= rounds; round++)
        {
            Console.WriteLine($"round {round} of {rounds}, {label}");
            goals.Add("fdatasync", Keep(results, label, "floor: fdatasync", DiskFloor.Measure(rig.Data, duration / 2)));
            goals.Add("sign", Keep(results, label, "floor: Ed25519 sign", SigningFloor.Sign(duration / 4)));
            goals.Add("rsa", Keep(results, label, "floor: RS256 verify", SigningFloor.VerifyRsa(duration / 4)));
            goals.Add("sqlite 64", Keep(results, label, "floor: SQLite group commit, 64 producers", await GroupCommitFloor.MeasureAsync(rig.Data, 64, duration)));
            foreach (var count in CallerCounts)
            {
                goals.Add($"receipt {count}", Keep(results, label, $"SignReceipt, {count} callers", await ClosedLoop.RunAsync(count, duration, callers.SignAsync)));
                goals.Add($"issue {count}", Keep(results, label, $"IssueCst, {count} callers", await ClosedLoop.RunAsync(count, duration, callers.IssueAsync)));
            }
        }

        results.Add($"{label}: resident memory", sidecar.ResidentMebibytes, "MiB");
        goals.Print(results, label);
        return 0;
    }

    private static Samples Keep(ResultFile results, string label, string what, Samples samples)
    {
        results.Add($"{label}: {what}", samples);
        return samples;
    }
}
