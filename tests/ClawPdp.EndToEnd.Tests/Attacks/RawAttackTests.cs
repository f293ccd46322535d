using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Attacks;

/// <summary>
/// Every row of the table against the published binary: it never allows, never ends, ends the connections that it must, keeps its memory, and
/// answers a good caller before, meanwhile and afterwards.
/// </summary>
[Collection(BreakingTests.Name)]
public sealed partial class RawAttackTests
{
    private const long MemoryGrowthMax = 300L * 1024 * 1024;

    private static readonly TimeSpan Sending = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(5);

    // The idle time, or the first seconds that the least pace leaves, and the second in which it is looked at; and the machine's own delays.
    private static readonly TimeSpan Holding = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task EachRow_AgainstTheBinary_HarmsNobodyElse()
    {
        _ = PublishedSidecar.Binary;
        await using var home = new SidecarHome(more: """, "limits": { "header_seconds": 1, "idle_seconds": 2 } """);
        await using var sidecar = await home.StartAsync(new KeyValuePair<string, string>("CLAWPDP_LISTEN_HTTP", "127.0.0.1:0"));
        var token = await sidecar.IssueAsync();
        var ports = PortPattern().Matches(sidecar.Process.Output).Select(static match => int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture)).ToList();
        var attacks = Rows().Select(row => new RawAttack(row, row.TryGetProperty("port", out _) ? ports[1] : ports[0])).ToList();
        var memory = MemoryOf(sidecar.Process.Id);
        foreach (var attack in attacks.Where(static attack => attack.Ends != "held"))
        {
            await CarryOutAsync(attack, sidecar, token);
        }

        // All at once: each only waits.
        await Task.WhenAll(attacks.Where(static attack => attack.Ends == "held").Select(attack => CarryOutAsync(attack, sidecar, token)));

        Assert.InRange(MemoryOf(sidecar.Process.Id) - memory, long.MinValue, MemoryGrowthMax);
        Assert.Equal(ReasonCode.Allowed, await sidecar.SignReasonAsync(token, "run-attacked", "after"));
    }

    private static async Task CarryOutAsync(RawAttack attack, LiveSidecar sidecar, string token)
    {
        var running = attack.RunAsync(Sending, attack.Ends == "held" ? Holding : Ending);
        var slowest = TimeSpan.Zero;
        do
        {
            var waited = await AskAsync(attack, sidecar, token);
            slowest = waited > slowest ? waited : slowest;
        }
        while (attack.Ends != "held" && !running.IsCompleted);

        var connections = await running;

        Assert.True(attack.Ends == "any" || Array.TrueForAll(connections, static connection => connection.Ended), $"{attack.Name}: a connection was left open");
        Assert.DoesNotContain(connections, static connection => RawAnswers.AnyAllows(connection.Received));
        _ = await AskAsync(attack, sidecar, token);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{attack.Name}: {connections.Count(static connection => connection.Ended)} of {connections.Length} ended, a good caller waited at most {slowest.TotalMilliseconds:0} ms"));
    }

    private static async Task<TimeSpan> AskAsync(RawAttack attack, LiveSidecar sidecar, string token)
    {
        var begun = TimeProvider.System.GetTimestamp();
        Assert.False(sidecar.Process.HasEnded, $"{attack.Name}: {sidecar.Process.Output}");
        var answer = await sidecar.AskAsync(token, AnswerMax);
        Assert.True(answer.ReasonCode == ReasonCode.Allowed, $"{attack.Name}: {answer}");
        return TimeProvider.System.GetElapsedTime(begun);
    }

    private static IEnumerable<JsonElement> Rows()
    {
        var root = typeof(RawAttackTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "tests", "testdata", "attacks", "http2.json")));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => row.Clone())];
    }

    // proc(5): the second number of statm is the resident pages.
    private static long MemoryOf(int process) =>
        long.Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/statm")).Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    [GeneratedRegex("http://127\\.0\\.0\\.1:(?<port>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PortPattern();
}
