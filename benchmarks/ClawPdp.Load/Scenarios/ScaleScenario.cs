using System.CommandLine;
using System.Globalization;
using ClawPdp.Load.Loops;
using ClawPdp.Load.Rigs;

namespace ClawPdp.Load.Scenarios;

/// <summary>
/// <c>scale</c>: what a decision and a receipt take through the socket by how many connections are open and how many records the ledger has. What
/// the engine alone takes by mapping, policy, scope, tokens and revocations is measured by ClawPdp.Benchmarks.
/// </summary>
internal static class ScaleScenario
{
    private const int Callers = 8;

    private static readonly int[] ConnectionCounts = [1, 10, 100, 1_000];

    public static Command Create()
    {
        var binary = CommonOptions.Binary();
        var results = CommonOptions.Results();
        var rounds = CommonOptions.Rounds();
        var seconds = CommonOptions.Seconds();
        var records = new Option<long[]>("--records")
        {
            Description = "the ledger's sizes, in records, rising",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = static _ => [0, 10_000, 100_000, 1_000_000],
        };
        var command = new Command("scale", "Measure how the cost grows with connections and with the ledger") { binary, results, rounds, seconds, records };
        command.SetAction(parsed => RunAsync(
            parsed.GetValue(binary) ?? "",
            new ResultFile(parsed.GetValue(results)),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            parsed.GetValue(records) ?? []));
        return command;
    }

    private static async Task<int> RunAsync(string binary, ResultFile results, int rounds, TimeSpan duration, long[] records)
    {
        await ConnectionsAsync(binary, results, rounds, duration);

        // A ledger of its own: the questions before were recorded, too.
        await using var rig = await Rig.CreateAsync(binary, directory: null);
        foreach (var count in records.Order())
        {
            await FillScenario.FillAsync(rig.Data, count);
            await using var sidecar = await rig.StartAsync();
            await LogWatch.CatchUpAsync(rig.Data);
            results.Add(What("records", count, "start to first answer"), sidecar.StartTime.TotalMilliseconds, "ms");
            for (var round = 0; round < rounds; round++)
            {
                await UseLedgerAsync(rig, sidecar, results, count, duration);
            }
        }

        return 0;
    }

    private static async Task ConnectionsAsync(string binary, ResultFile results, int rounds, TimeSpan duration)
    {
        await using var rig = await Rig.CreateAsync(binary, directory: null);
        await using var sidecar = await rig.StartAsync();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var count in ConnectionCounts)
            {
                await ConnectAsync(rig, sidecar, results, count, duration);
            }
        }
    }

    private static async Task ConnectAsync(Rig rig, SidecarProcess sidecar, ResultFile results, int count, TimeSpan duration)
    {
        using var questions = new Questions(rig.Issuer, count);
        await questions.PrepareAsync();
        results.Add(What("connections", count, "Authorize"), await ClosedLoop.RunAsync(Callers, duration, _ => questions.AskAsync()), ("rss_mib", sidecar.ResidentMebibytes));
    }

    private static async Task UseLedgerAsync(Rig rig, SidecarProcess sidecar, ResultFile results, long count, TimeSpan duration)
    {
        using var questions = new Questions(rig.Issuer, Callers);
        await questions.PrepareAsync();
        results.Add(What("records", count, "Authorize"), await ClosedLoop.RunAsync(Callers, duration, _ => questions.AskAsync()), ("rss_mib", sidecar.ResidentMebibytes));
        using var callers = new Rigs.Callers(rig.Issuer, Callers);
        await callers.PrepareAsync();
        await ClosedLoop.RunAsync(Callers, TimeSpan.FromSeconds(1), callers.SignAsync);
        results.Add(What("records", count, "SignReceipt"), await ClosedLoop.RunAsync(Callers, duration, callers.SignAsync), ("rss_mib", sidecar.ResidentMebibytes));
    }

    private static string What(string axis, long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{axis}={count}: {what}");
}
