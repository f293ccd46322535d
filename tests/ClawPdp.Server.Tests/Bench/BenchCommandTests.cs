using System.Globalization;
using ClawPdp.Bench.Results;
using ClawPdp.Server.Cli;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.Server.Tests.Bench;

/// <summary>The load tool against the running sidecar, through its sockets.</summary>
public sealed class BenchCommandTests(BenchSidecar sidecar) : IClassFixture<BenchSidecar>, IDisposable
{
    private const string Denials = "--deny-tool kubectl --deny-share 0.25";

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-bench-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("--call authorize --callers 2 " + Denials, false, 200)]
    [InlineData("--call authorize --connections 2 --callers 4 " + Denials, true, 200)]
    [InlineData("--call authorize --rate 400", false, 200)]
    [InlineData("--call batch --batch 7 --callers 2 " + Denials, false, 50)]
    [InlineData("--call batch --batch 256", true, 5)]
    [InlineData("--call stream --connections 2 --in-flight 8 " + Denials, false, 300)]
    [InlineData("--call stream --rate 400 --in-flight 16", true, 200)]
    [InlineData("--call receipt --callers 4", false, 50)]
    [InlineData("--call receipt --connections 2", true, 50)]
    public async Task Run_RealSidecar_EveryAnswerIsAsItMustBe(string options, bool isUnix, int count)
    {
        var tokens = await TokensAsync(3);

        var (code, report) = await RunAsync($"{options} --tool github --tokens {tokens} --count {count}", isUnix);

        Assert.Equal((ExitCodes.Ok, count, 0, 0), (code, report.Results.Good, report.Results.Errors, report.Results.WarmUpErrors));
        Assert.Equal(count, report.Slices.Sum(static slice => slice.Histogram.Count));
        Assert.InRange(report.Results.LatencyUs?.P50 ?? 0, 1, 10_000_000);
    }

    [Fact]
    public async Task Run_EveryTokenOnce_EndsWithTheTokens()
    {
        var (code, report) = await RunAsync($"--cold --tool github --tokens {await TokensAsync(21)}");

        Assert.Equal((ExitCodes.Ok, 20), (code, report.Results.Calls));
    }

    [Theory]
    [InlineData("--call authorize --tool kubectl", "DENIED TOOL_NOT_ALLOWED")]
    [InlineData("--call batch --tool kubectl", "DENIED TOOL_NOT_ALLOWED")]
    [InlineData("--call stream --tool kubectl", "DENIED TOOL_NOT_ALLOWED")]
    [InlineData("--call receipt --tool kubectl", "REFUSED TOOL_NOT_ALLOWED")]
    [InlineData("--call authorize --deny-tool github --deny-share 1", "ALLOWED_INSTEAD_OF_DENIED")]
    [InlineData("--call authorize --deny-tool github --deny-share 1 --policy-hash 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU", "DENIED_FOR_ANOTHER_REASON POLICY_HASH_MISMATCH")]
    public async Task Run_AnswerIsNotTheExpectedOne_Fails(string options, string kind)
    {
        var (code, report) = await RunAsync($"{options} --tokens {await TokensAsync(1)} --count 10");

        Assert.Equal((ExitCodes.BadVerdict, 0, 10), (code, report.Results.Good, report.Results.Errors));
        Assert.Equal((kind, 10), (Assert.Single(report.Results.ErrorsByKind).Key, report.Results.ErrorsByKind[kind]));
        Assert.Null(report.Results.LatencyUs);
        Assert.Contains(RunMarks.Errors, report.Results.Marks);
    }

    [Theory]
    [InlineData("authorize")]
    [InlineData("stream")]
    public async Task Run_NobodyListens_Fails(string call)
    {
        var path = Path.Combine(_directory, "nobody.json");

        var code = await CommandLine.RunAsync($"bench run --server unix:{_directory}/nobody.sock --call {call} --tool github --tokens {await TokensAsync(1)} --count 3 --warm-up 0s --json {path}".Split(' '));

        var report = ReportFile.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Value;
        Assert.Equal((ExitCodes.BadVerdict, 0, 3), (code, report.Results.Good, report.Results.Errors));
    }

    [Fact]
    public async Task Run_IssuesItsOwnTokens_AndWritesNoneAnywhere()
    {
        var signIn = Path.Combine(_directory, "id");
        await File.WriteAllTextAsync(signIn, await sidecar.Client.SignInAsync("alice"), TestContext.Current.CancellationToken);
        var (hdr, log) = (Path.Combine(_directory, "run.hgrm"), Path.Combine(_directory, "run.hlog"));

        var (code, report) = await RunAsync($"--id-token {signIn} --agent-did {sidecar.Client.AgentDid} --issue 5 --tool github --count 20 --hdr {hdr} --hlog {log}");

        Assert.Equal((ExitCodes.Ok, 5), (code, report.Options.Tokens));
        Assert.All(Directory.GetFiles(_directory).Where(path => path != signIn), static path => Assert.DoesNotContain("eyJ", File.ReadAllText(path), StringComparison.Ordinal));
        Assert.Contains("#[Max", await File.ReadAllTextAsync(hdr, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("HISTFAAA", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, ExitCodes.Ok)]
    [InlineData(false, ExitCodes.BadVerdict)]
    public async Task Raw_AnyMethod_IsHeldAgainstTheExpectedBytes(bool isExpected, int code)
    {
        var (body, expected) = (Path.Combine(_directory, "body"), Path.Combine(_directory, "expected"));
        await File.WriteAllBytesAsync(body, new AuthorizeRequest { Cst = await sidecar.TokenOfAsync("alice"), Tool = "github", RequestId = "raw-1" }.ToByteArray(), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(expected, new AuthorizeResponse { RequestId = isExpected ? "raw-1" : "raw-2" }.ToByteArray(), TestContext.Current.CancellationToken);
        var path = Path.Combine(_directory, "raw.json");

        var actual = await CommandLine.RunAsync(
            $"bench raw --server {sidecar.GrpcAddress} --method /clawpdp.v1.DecisionService/Authorize --body {body} --expect-contains {expected} --count 20 --warm-up 0s --json {path}".Split(' '));

        var report = ReportFile.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Value;
        Assert.Equal((code, isExpected ? 20 : 0), (actual, report.Results.Good));
    }

    [Fact]
    public async Task Raw_StatusThatIsNotOk_IsAnErrorOfItsName()
    {
        var body = Path.Combine(_directory, "body");
        await File.WriteAllBytesAsync(body, [], TestContext.Current.CancellationToken);
        var path = Path.Combine(_directory, "raw.json");

        Assert.Equal(ExitCodes.BadVerdict, await CommandLine.RunAsync(
            ["bench", "raw", "--server", sidecar.GrpcAddress, "--method", "/clawpdp.v1.DecisionService/NoSuch", "--body", body, "--expect-hex", "", "--count", "5", "--warm-up", "0s", "--json", path]));

        var report = ReportFile.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Value;
        Assert.Equal("GRPC Unimplemented", Assert.Single(report.Results.ErrorsByKind).Key);
    }

    [Fact]
    public async Task Compare_TwoRuns_JudgesTheMedian()
    {
        var tokens = await TokensAsync(1);
        string[] files = [Path.Combine(_directory, "a.json"), Path.Combine(_directory, "b.json")];
        foreach (var file in files)
        {
            _ = await CommandLine.RunAsync(Arguments($"--tool github --tokens {tokens} --count 400 --json {file}", isUnix: false));
        }

        var comparison = Path.Combine(_directory, "comparison.json");
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["bench", "compare", .. files, "--json", comparison]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["bench", "compare", .. files, "--max-ratio", "1000"]));
        Assert.Equal(ExitCodes.BadVerdict, await CommandLine.RunAsync(["bench", "compare", .. files, "--max-ratio", "0.001"]));
        Assert.Equal(ExitCodes.Ok, await CommandLine.RunAsync(["bench", "compare", "--a", .. files, "--b", .. files]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["bench", "compare", files[0]]));
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["bench", "compare", files[0], tokens]));
        Assert.Contains("\"unit\": \"slice\"", await File.ReadAllTextAsync(comparison, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench run --tool github --tokens /nowhere", ExitCodes.BadInput)]
    [InlineData("bench run --tool github", ExitCodes.BadInput)]
    [InlineData("bench run --tool github --call nonsense --tokens /nowhere", ExitCodes.Usage)]
    [InlineData("bench run --tool github --batch 257 --tokens /nowhere", ExitCodes.Usage)]
    [InlineData("bench run --tool github --warm-up soon --tokens /nowhere", ExitCodes.BadInput)]
    [InlineData("bench run --tool github --server http://192.0.2.1:7080 --tokens TOKENS", ExitCodes.BadInput)]
    [InlineData("bench raw --method x --body /dev/null --expect-hex 00", ExitCodes.BadInput)]
    [InlineData("bench raw --method /a.B/C --body /dev/null", ExitCodes.BadInput)]
    [InlineData("bench raw --method /a.B/C --body /dev/null --expect-hex 0", ExitCodes.BadInput)]
    [InlineData("bench raw --method /a.B/C --body /dev/null --expect-contains /dev/null", ExitCodes.BadInput)]
    public async Task Commands_BadInput_AreRefused(string line, int code) =>
        Assert.Equal(code, await CommandLine.RunAsync(line.Replace("TOKENS", await TokensAsync(1), StringComparison.Ordinal).Split(' ')));

    private async Task<(int Code, RunReport Report)> RunAsync(string options, bool isUnix = false)
    {
        var path = Path.Combine(_directory, "run.json");
        var code = await CommandLine.RunAsync([.. Arguments(options, isUnix), "--json", path]);
        return (code, ReportFile.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Value);
    }

    private string[] Arguments(string options, bool isUnix) =>
        ["bench", "run", "--server", isUnix ? "unix:" + sidecar.SocketPath : sidecar.GrpcAddress, "--warm-up", "50ms", .. options.Split(' ')];

    private async Task<string> TokensAsync(int count)
    {
        var path = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"tokens-{count}"));
        var signIn = await sidecar.Client.SignInAsync("alice");
        var tokens = new List<string>();
        while (tokens.Count < count)
        {
            tokens.Add((await sidecar.Client.IssueAsync(signIn)).Issued.Cst);
        }

        await File.WriteAllLinesAsync(path, tokens);
        return path;
    }
}
