using System.CommandLine;
using ClawPdp.Load.Floors;
using ClawPdp.Load.Loops;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary>
/// <c>durable</c>: SignReceipt and IssueCst at 1, 8 and 64 callers, in turns with the floors that the goals name, and on demand in turns
/// with another binary.
/// </summary>
internal static class DurableScenario
{
    public static Command Create()
    {
        var binary = CommonOptions.Binary();
        var folder = CommonOptions.Folder();
        var results = CommonOptions.Results();
        var rounds = CommonOptions.Rounds();
        var seconds = CommonOptions.Seconds();
        var label = new Option<string>("--label") { Description = "what the ledger is like, for the results", DefaultValueFactory = static _ => "empty ledger" };
        var against = new Option<string?>("--against") { Description = "another binary, measured in turns with the first one, with a ledger of its own" };
        var callers = new Option<int[]>("--callers") { Description = "how many callers at a time", DefaultValueFactory = static _ => [1, 8, 64], AllowMultipleArgumentsPerToken = true };
        var command = new Command("durable", "Measure durable receipts and issuances against their floors") { binary, folder, results, rounds, seconds, label, against, callers };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(binary) ?? "",
            parsed.GetValue(against),
            parsed.GetValue(folder),
            new ResultFile(parsed.GetValue(results)),
            new DurablePlan(
                parsed.GetValue(label) ?? "",
                parsed.GetValue(rounds),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(callers) ?? [])));
        return command;
    }

    private static async Task<int> RunAsync(string binary, string? against, string? folder, ResultFile results, DurablePlan plan)
    {
        await using var rig = await Rig.CreateAsync(binary, folder);
        await using var otherRig = against is null ? null : await Rig.CreateAsync(against, directory: null);
        var floors = new DurableGoals(plan.Label);
        var goals = new DurableGoals(plan.Label);
        var otherGoals = new DurableGoals(plan.Label + ", against");
        for (var round = 1; round <= plan.Rounds; round++)
        {
            Console.WriteLine($"round {round} of {plan.Rounds}, {plan.Label}");
            await MeasureFloorsAsync(rig, results, plan, floors);
            await MeasureAsync(rig, results, plan, goals);
            if (otherRig is not null)
            {
                await MeasureAsync(otherRig, results, plan, otherGoals);
            }
        }

        goals.Print(results, floors, plan.CallerCounts);
        if (otherRig is not null)
        {
            otherGoals.Print(results, floors, plan.CallerCounts);
            goals.PrintAgainst(results, otherGoals);
        }

        return 0;
    }

    private static async Task MeasureFloorsAsync(Rig rig, ResultFile results, DurablePlan plan, DurableGoals floors)
    {
        Directory.CreateDirectory(rig.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        floors.Add(results, "floor: fdatasync", DiskFloor.Measure(rig.Data, plan.Duration / 2));
        floors.Add(results, "floor: Ed25519 sign", SigningFloor.Sign(plan.Duration / 4));
        floors.Add(results, "floor: RS256 verify", SigningFloor.VerifyRsa(plan.Duration / 4));
        floors.Add(results, "floor: SQLite group commit, 64 producers", await GroupCommitFloor.MeasureAsync(rig.Data, 64, plan.Duration));
    }

    private static async Task MeasureAsync(Rig rig, ResultFile results, DurablePlan plan, DurableGoals goals)
    {
        await using var sidecar = await rig.StartAsync();
        using var callers = new Callers(rig.Issuer, plan.CallerCounts.Max());
        await callers.PrepareAsync();
        await ClosedLoop.RunAsync(8, TimeSpan.FromSeconds(2), callers.SignAsync);
        await ClosedLoop.RunAsync(8, TimeSpan.FromSeconds(1), callers.IssueAsync);
        foreach (var count in plan.CallerCounts)
        {
            await MeasureAsync(results, goals, sidecar, $"SignReceipt, {count} callers", () => ClosedLoop.RunAsync(count, plan.Duration, callers.SignAsync));
            await MeasureAsync(results, goals, sidecar, $"IssueCst, {count} callers", () => ClosedLoop.RunAsync(count, plan.Duration, callers.IssueAsync));
        }

        goals.AddMemory(results, sidecar.ResidentMebibytes);
    }

    private static async Task MeasureAsync(ResultFile results, DurableGoals goals, SidecarProcess sidecar, string what, Func<Task<Samples>> measure)
    {
        var before = sidecar.ProcessorTime;
        var samples = await measure();
        goals.Add(results, what, samples);
        goals.AddProcessorTime(results, what, (sidecar.ProcessorTime - before) / samples.Count);
    }
}
