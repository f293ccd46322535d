using System.Diagnostics;
using System.Globalization;

namespace ClawPdp.EndToEnd.Tests.Crash;

/// <summary>
/// Kills the published binary again and again. SUITE_CRASH_ROUNDS says how often, 20 by default; SUITE_CRASH_SEED repeats what a failure
/// names, as far as time can be repeated.
/// </summary>
[Collection(BreakingTests.Name)]
public sealed class CrashTests
{
    private const int RoundsDefault = 20;
    private const int RoundsPerStore = 50;

    private readonly ITestOutputHelper _output;

    public CrashTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task Kill_AtAnyMoment_LosesNothingThatWasAcknowledged()
    {
        _ = PublishedSidecar.Binary;
        var rounds = NumberOf("SUITE_CRASH_ROUNDS") ?? RoundsDefault;
        var seed = NumberOf("SUITE_CRASH_SEED") ?? Random.Shared.Next();
        var random = new Random(seed);
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < rounds; first += RoundsPerStore)
        {
            await using var store = new CrashStore();
            for (var round = first; round < Math.Min(rounds, first + RoundsPerStore); round++)
            {
                await RunAsync(store, seed, round, random);
            }

            await store.CloseAsync();
        }

        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {rounds} rounds, {watch.Elapsed.TotalSeconds / rounds:0.00} s each"));
    }

    private static int? NumberOf(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private async Task RunAsync(CrashStore store, int seed, int round, Random random)
    {
        var watch = Stopwatch.StartNew();
        var moment = KillMoment.Draw(random);
        var name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, round {round}, {moment.Phase} {moment.Delay.TotalMilliseconds:0.0} ms, acknowledgement {moment.Count}");
        try
        {
            var count = await store.RunRoundAsync(round, moment, random);
            _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {count} acknowledged, {store.RecordCount} records, {watch.ElapsedMilliseconds} ms"));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(name + ": " + failure.Message, failure);
        }
    }
}
