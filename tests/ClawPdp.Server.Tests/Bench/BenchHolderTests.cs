using System.Globalization;
using ClawPdp.Bench.Results;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Tests.Bench;

/// <summary>The load tool against a sidecar that binds every token to a key.</summary>
public sealed class BenchHolderTests(BoundSidecar sidecar) : IClassFixture<BoundSidecar>, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-bench-").FullName;

    private string KeyPath => Path.Combine(_directory, "key");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("--call authorize --callers 2 --deny-tool kubectl --deny-share 0.25", false, 60)]
    [InlineData("--call authorize --rate 200", true, 60)]
    [InlineData("--call batch --batch 7", false, 20)]
    [InlineData("--call batch --batch 20 --callers 2", true, 20)]
    [InlineData("--call receipt --callers 2", false, 20)]
    [InlineData("--call stream --connections 2 --in-flight 4", false, 60)]
    [InlineData("--call stream --rate 200", true, 60)]
    public async Task Run_WithTheKey_EveryAnswerIsAsItMustBe(string options, bool isUnix, int count)
    {
        var issue = await IssueAsync(3);

        var (code, report) = await RunAsync($"{options} --tool github {issue} --count {count}", isUnix);

        Assert.Equal((ExitCodes.Ok, count, 0, 0), (code, report.Results.Good, report.Results.Errors, report.Results.WarmUpErrors));
        Assert.True(report.Options.Proofs);

        // A stream's proofs are made when it is opened.
        Assert.Equal(report.Options.Call is not "stream", report.Results.ProofUs is not null);
        Assert.InRange(report.Results.ProofUs?.P50 ?? 0, 0, report.Results.LatencyUs?.Max ?? 0);
    }

    [Fact]
    public async Task Run_EveryTokenOnce_IsProvenEachTime()
    {
        var (code, report) = await RunAsync($"--cold --tool github {await IssueAsync(12)}");

        Assert.Equal((ExitCodes.Ok, 11), (code, report.Results.Good));
    }

    [Theory]
    [InlineData("authorize", "DENIED TOKEN_PROOF_INVALID")]
    [InlineData("batch", "DENIED TOKEN_PROOF_INVALID")]
    [InlineData("stream", "DENIED TOKEN_PROOF_INVALID")]
    [InlineData("receipt", "REFUSED TOKEN_PROOF_INVALID")]
    public async Task Run_WithAnotherKey_CountsErrors(string call, string kind)
    {
        var tokens = await TokensAsync(1);
        HolderKeyFile.Create(Path.Combine(_directory, "other"));

        var (code, report) = await RunAsync($"--call {call} --tool github --tokens {tokens} --holder-key {_directory}/other --count 5");

        Assert.Equal((ExitCodes.BadVerdict, 0), (code, report.Results.Good));
        Assert.Equal(kind, Assert.Single(report.Results.ErrorsByKind).Key);
        Assert.Null(report.Results.ProofUs);
    }

    [Fact]
    public async Task Run_WithoutTheKey_CountsErrors()
    {
        var (code, report) = await RunAsync($"--tool github --tokens {await TokensAsync(1)} --count 5");

        Assert.Equal((ExitCodes.BadVerdict, 0), (code, report.Results.Good));
        Assert.Equal("DENIED TOKEN_PROOF_REQUIRED", Assert.Single(report.Results.ErrorsByKind).Key);
        Assert.False(report.Options.Proofs);
    }

    [Theory]
    [InlineData("--call stream --issue 17")]
    [InlineData("--call batch --batch 17 --issue 17")]
    [InlineData("--call stream --cold --issue 17")]
    public async Task Run_WhatNoProofsCanBeFor_IsRefused(string options)
    {
        HolderKeyFile.Create(KeyPath);
        var signIn = await SignInAsync();

        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(Arguments($"--tool github {options} --holder-key {KeyPath} --id-token {signIn} --agent-did {sidecar.Client.AgentDid}", isUnix: false)));
    }

    [Fact]
    public async Task Run_AKeyFileThatIsNotThere_IsRefused() =>
        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(Arguments($"--tool github --tokens /dev/null --holder-key {KeyPath}", isUnix: false)));

    // Tokens that the tool has issued for its key.
    private async Task<string> IssueAsync(int count)
    {
        HolderKeyFile.Create(KeyPath);
        var signIn = await SignInAsync();
        return string.Create(CultureInfo.InvariantCulture, $"--holder-key {KeyPath} --id-token {signIn} --agent-did {sidecar.Client.AgentDid} --issue {count}");
    }

    private async Task<string> SignInAsync()
    {
        var path = Path.Combine(_directory, "id");
        await File.WriteAllTextAsync(path, await sidecar.Client.SignInAsync("alice"));
        return path;
    }

    private async Task<string> TokensAsync(int count)
    {
        HolderKeyFile.Create(KeyPath);
        using var key = HolderKeyFile.Open(KeyPath) ?? throw new InvalidOperationException("no key");
        var path = Path.Combine(_directory, "tokens");
        var tokens = new List<string>();
        while (tokens.Count < count)
        {
            tokens.Add(await sidecar.BoundTokenAsync(key.Thumbprint));
        }

        await File.WriteAllLinesAsync(path, tokens);
        return path;
    }

    private async Task<(int Code, RunReport Report)> RunAsync(string options, bool isUnix = false)
    {
        var path = Path.Combine(_directory, "run.json");
        var code = await CommandLine.RunAsync([.. Arguments(options, isUnix), "--json", path]);
        return (code, ReportFile.Read(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Value);
    }

    private string[] Arguments(string options, bool isUnix) =>
        ["bench", "run", "--server", isUnix ? "unix:" + sidecar.SocketPath : sidecar.GrpcAddress, "--warm-up", "50ms", .. options.Split(' ')];
}
