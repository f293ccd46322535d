using System.Reflection;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The command line of the published binary.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("config check")]
    [InlineData("health")]
    [InlineData("keys list")]
    [InlineData("keys rotate")]
    [InlineData("token inspect")]
    [InlineData("token verify")]
    [InlineData("policy hash")]
    [InlineData("policy sign")]
    [InlineData("policy check")]
    [InlineData("policy test")]
    [InlineData("policy explain")]
    [InlineData("approve")]
    [InlineData("approve keygen")]
    [InlineData("policy allowed")]
    [InlineData("policy replay")]
    [InlineData("policy shadow")]
    [InlineData("policy revoke")]
    [InlineData("policy activations")]
    [InlineData("policy list")]
    [InlineData("policy activate")]
    [InlineData("policy put")]
    [InlineData("policy diff")]
    [InlineData("policy lint")]
    [InlineData("receipt verify")]
    [InlineData("artifact verify")]
    [InlineData("audit export")]
    [InlineData("audit verify")]
    [InlineData("log check")]
    [InlineData("keys agent create")]
    [InlineData("status")]
    [InlineData("doctor")]
    public async Task Help_OfEachCommand_IsThere(string command)
    {
        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, [.. command.Split(' '), "--help"]);

        Assert.Equal(0, code);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve --no-such-option")]
    [InlineData("no-such-command")]
    [InlineData("receipt verify file")]
    public async Task WrongUsage_Ends64(string arguments)
    {
        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, arguments.Split(' '));

        Assert.Equal(64, code);
        Assert.Contains("--help", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("token inspect")]
    [InlineData("token inspect file")]
    [InlineData("revoke --token")]
    [InlineData("revoke --reason lost --no-such-option")]
    [InlineData("policy explain --server http://127.0.0.1:1 --tool github --token")]
    [InlineData("bench run --tool github --agent-did did:key:x --id-token")]
    public async Task ATokenOnTheCommandLine_Ends64AndIsNotRepeated(string arguments)
    {
        const string Token = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.AAAA";

        var (code, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, [.. arguments.Split(' '), Token]);

        Assert.Equal(64, code);
        Assert.Contains("give a file, or - for standard input, and revoke the token that was shown", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadConfiguration_Ends78WithALineForEachFault()
    {
        var directory = PublishedSidecar.Configure("http://example.com");
        var path = Path.Combine(directory, "clawpdp.json");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("\"audiences\": [\"clawpdp\"],", "\"audience\": 1,", StringComparison.Ordinal));

        var (served, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "serve", "--config", path);
        var (checkedCode, json) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "config", "check", path, "--json");

        Assert.Equal((78, 78), (served, checkedCode));
        Assert.Contains("/audience: unknown member", output, StringComparison.Ordinal);
        Assert.Contains("/issuers/0/issuer", output, StringComparison.Ordinal);
        Assert.Contains("\"valid\":false", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysAndPolicies_MadeSignedAndVerified()
    {
        var directory = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        var (data, policy, envelope) = (Path.Combine(directory, "data"), Path.Combine(directory, "policy.json"), Path.Combine(directory, "envelope.json"));
        await File.WriteAllTextAsync(policy, """{"policy_version":"1","policy_id":"p","issuer_did":"did:web:example.com"}""");

        var (generated, keys) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "generate", "--data", data);
        var did = keys.Split('\n').Single(static line => line.StartsWith("policy", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        var (signed, _) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "policy", "sign", policy, "--data", data, "--out", envelope);
        var (verified, _) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "policy", "verify", envelope, "--trust", did);
        var (stranger, refusal) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "policy", "verify", envelope, "--trust", PublishedSidecar.AgentDid);
        var (rotated, _) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "rotate", "policy", "--data", data);
        var (_, list) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "keys", "list", "--data", data);

        Assert.Equal((0, 0, 0, 1, 0), (generated, signed, verified, stranger, rotated));
        Assert.Contains("CLAIM_NOT_FOUND", refusal, StringComparison.Ordinal);
        Assert.Equal(5, list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single(list.Split('\n'), line => line.Contains(did, StringComparison.Ordinal) && line.Contains("verifies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PolicyTests_OfTheExamples_PassAndCoverEveryStatement()
    {
        var root = typeof(CommandLineTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
        var examples = Path.Combine(root, "docs", "policy", "examples");

        var (checkedCode, _) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "policy", "check", examples);
        var (tested, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, "policy", "test", examples, "--coverage-min", "100");

        Assert.Equal((0, 0), (checkedCode, tested));
        Assert.Contains("14 passed, 0 failed", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deny", "", 0, "1 passed, 0 failed")]
    [InlineData("allow", "", 1, "0 passed, 1 failed")]
    [InlineData("deny", "--coverage-min 100", 1, "is wanted")]
    [InlineData("deny", "--coverage-min 101", 64, "percentage")]
    [InlineData("deny", "--filter nothing", 1, "0 passed, 0 failed")]
    [InlineData("refuse", "", 65, "a.test.yaml:2: /cases/0/expect/effect: unknown value")]
    public async Task PolicyTest_Outcome_IsTheExitCode(string effect, string options, int code, string line)
    {
        var directory = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "p.yaml"), "policy_version: \"2\"\npolicy_id: p\nissuer_did: did:web:example.com\nstatements: [{sid: A, effect: Allow, actions: [tool:execute], resources: [x]}]\n");
        await File.WriteAllTextAsync(Path.Combine(directory, "a.test.yaml"), $"policy: p.yaml\ncases: [{{name: a, action: {{tool: y}}, expect: {{effect: {effect}}}}}]\n");

        var (actual, output) = await ChildProcess.RunAsync(PublishedSidecar.Binary, ["policy", "test", directory, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(code, actual);
        Assert.Contains(line, output, StringComparison.Ordinal);
    }
}
