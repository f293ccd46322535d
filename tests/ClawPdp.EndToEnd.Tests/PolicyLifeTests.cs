using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.EndToEnd.Tests;

/// <summary>The life of a policy with the published binary, by the commands of the documentation alone: write, check, sign, put, try, activate, approve, replay.</summary>
public sealed class PolicyLifeTests : IAsyncLifetime
{
    private const string Policy = """
        policy_version: "2"
        policy_id: pol_life
        issuer_did: did:web:policies.example
        statements:
          - sid: AllowGithub
            effect: Allow
            actions: ["tool:execute"]
            resources: ["github"]
            conditions: { Bool: { "Request:HasHumanApproval": "true" } }
        """;

    private readonly string _out = Directory.CreateTempSubdirectory("clawpdp-e2e-").FullName;
    private RealProvider? _provider;
    private PublishedSidecar? _sidecar;

    private PublishedSidecar Sidecar => _sidecar ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        _provider = await RealProvider.StartAsync(PublishedSidecar.Providers);
        var (_, approver) = await RunAsync("approve", "keygen", "--out", PathOf("approver.key"));
        var directory = PublishedSidecar.Configure(_provider.Issuer);
        var config = Path.Combine(directory, "clawpdp.json");
        var approverDid = approver.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Single(static word => word.StartsWith("did:key:", StringComparison.Ordinal));
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("\"issuance\":", $"\"policy\": {{ \"approvers\": [\"{approverDid}\"] }}, \"issuance\":", StringComparison.Ordinal));
        _sidecar = await PublishedSidecar.StartAsync(directory);
    }

    public async ValueTask DisposeAsync()
    {
        if (_sidecar is not null)
        {
            await _sidecar.DisposeAsync();
        }

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        Directory.Delete(_out, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Policy_FromTheFirstDraftToItsReplay_DoesWhatTheCommandsSay()
    {
        var token = (await Sidecar.IssueAsync(await (_provider ?? throw new InvalidOperationException()).SignInAsync("alice"))).Issued.Cst;
        await File.WriteAllTextAsync(PathOf("alice.cst"), token);
        await File.WriteAllTextAsync(PathOf("draft.yaml"), Policy.Replace("tool:execute", "tool:excute", StringComparison.Ordinal));
        await File.WriteAllTextAsync(PathOf("policy.yaml"), Policy);
        var (_, hash) = await RunAsync("policy", "hash", PathOf("policy.yaml"));
        hash = hash.Trim();

        Assert.Equal(65, (await RunAsync("policy", "check", PathOf("draft.yaml"))).Code);
        Assert.Equal(0, (await RunAsync("policy", "check", PathOf("policy.yaml"))).Code);
        Assert.Equal(0, (await RunAsync("policy", "lint", PathOf("policy.yaml"))).Code);
        Assert.Equal(0, (await RunAsync("policy", "sign", PathOf("policy.yaml"), "--data", Sidecar.Data, "--out", PathOf("policy.json"))).Code);
        Assert.Equal(0, (await AskAsync("policy", "put", PathOf("policy.json"))).Code);
        Assert.Equal(0, (await AskAsync("policy", "shadow", hash)).Code);
        Assert.Equal(ReasonCode.Allowed, await Sidecar.AskAsync(token, "github"));
        var (_, report) = await AskAsync("policy", "shadow", "--report");
        Assert.Contains("CAPABILITY_REQUIRES_APPROVAL instead of ALLOWED  1 times", report, StringComparison.Ordinal);
        var (_, preview) = await AskAsync("policy", "activate", hash, "--dry-run");
        Assert.Contains("nothing was changed", preview, StringComparison.Ordinal);
        Assert.Equal(ReasonCode.Allowed, await Sidecar.AskAsync(token, "github"));
        Assert.Equal(0, (await AskAsync("policy", "activate", hash)).Code);

        var denied = await Sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github" });
        Assert.Equal(ReasonCode.CapabilityRequiresApproval, denied.ReasonCode);
        var (explained, explanation) = await AskAsync("policy", "explain", "--token", PathOf("alice.cst"), "--tool", "github");
        Assert.Equal(1, explained);
        Assert.Contains("AllowGithub", explanation, StringComparison.Ordinal);

        await ApproveAsync(denied);
        var request = new AuthorizeRequest { Cst = token, Tool = "github" };
        request.Approvals.Add(ByteString.CopyFrom(await File.ReadAllBytesAsync(PathOf("approval.json"))));
        Assert.Equal(Effect.Allow, (await Sidecar.Decisions.AuthorizeAsync(request)).Effect);
        Assert.Equal(ReasonCode.CapabilityRequiresApproval, (await Sidecar.Decisions.AuthorizeAsync(request)).ReasonCode);

        var (replayed, changes) = await RunAsync("policy", "replay", "--log", Sidecar.Data, "--candidate", PathOf("policy.yaml"));
        Assert.Equal(1, replayed);
        Assert.Contains("ALLOWED -> CAPABILITY_REQUIRES_APPROVAL  2 times", changes, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync("policy", "shadow", "--off")).Code);
        Assert.Contains(hash, (await AskAsync("policy", "activations")).Output, StringComparison.Ordinal);
    }

    private static Task<(int Code, string Output)> RunAsync(params string[] arguments) => ChildProcess.RunAsync(PublishedSidecar.Binary, arguments);

    private Task<(int Code, string Output)> AskAsync(params string[] arguments) => RunAsync([.. arguments, "--server", Sidecar.Address]);

    private string PathOf(string file) => Path.Combine(_out, file);

    private async Task ApproveAsync(AuthorizeResponse denied)
    {
        await File.WriteAllTextAsync(PathOf("denial.json"), JsonFormatter.Default.Format(denied));
        var (code, output) = await RunAsync(
            "approve", "--request", PathOf("denial.json"), "--agent", PublishedSidecar.AgentDid, "--approver", "email:alice@example.com",
            "--key", PathOf("approver.key"), "--tool", "github", "--yes", "--out", PathOf("approval.json"));
        Assert.True(code == 0, output);
    }
}
