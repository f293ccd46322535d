using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Crypto.Verification;
using ClawPdp.Server.Approvals;
using ClawPdp.Server.Cli;

namespace ClawPdp.Server.Tests;

public sealed class ApproveCommandTests : IDisposable
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
    private const string Agent = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT";
    private const string Obligation = """{"action_digest_b64u":"DIGEST","token_scope_hash_b64u":"HASH","policy_hash_b64u":"HASH","summary":"tool argo-cd","statement_ids":["approved"]}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("clawpdp-test-").FullName;

    public ApproveCommandTests() => Did = ApproverKeyFile.Create(KeyPath).Did;

    private string Did { get; }

    private string KeyPath => Path.Combine(_directory, "key");

    private string OutPath => Path.Combine(_directory, "approval.json");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("OBLIGATION")]
    [InlineData("""{"approval":OBLIGATION}""")]
    [InlineData("""{"effect":"EFFECT_DENY","obligations":[{"approval":OBLIGATION}]}""")]
    [InlineData("""{"refusal":{"obligations":[{"approval":OBLIGATION}]}}""")]
    [InlineData("""{"answer":{"obligations":[{"approval":OBLIGATION}]}}""")]
    [InlineData("""{"obligations":[{"approval":{"actionDigestB64u":"DIGEST","tokenScopeHashB64u":"HASH","policyHashB64u":"HASH","summary":"tool argo-cd"}}]}""")]
    public async Task Approve_RequestInAnyForm_IsSigned(string form)
    {
        var code = await ApproveAsync("--request", Write(form), "--run", "run_1", "--ttl", "60");

        var verdict = EnvelopeVerifier.Verify(await File.ReadAllBytesAsync(OutPath, TestContext.Current.CancellationToken), [Did], TimeProvider.System.GetUtcNow());
        Assert.Equal((ExitCodes.Ok, "VALID", "human_approval_receipt"), (code, verdict.Code, verdict.EnvelopeType));
        Assert.Equal(
            $$$"""{"policy_hash":"{{{Hash}}}","run_id":"run_1","token_scope_hash_b64u":"{{{Hash}}}"}""",
            JsonWriter.CanonicalText(verdict.Payload?.Find("binding") ?? JsonValue.Null));
        Assert.Equal((DigestOf("argo-cd"), "tool argo-cd", 60), (verdict.Payload?.FindText("plan_hash_b64u"), verdict.Payload?.FindText("scope_summary"), verdict.Payload?.Find("minted_capability_ttl_seconds")?.Number));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(OutPath));
    }

    [Fact]
    public async Task Approve_HashesAndNamedAction_IsSigned()
    {
        Assert.Equal(ExitCodes.Ok, await ApproveAsync("--tool", "argo-cd", "--scope-hash", Hash, "--policy-hash", Hash));
        Assert.Equal(ExitCodes.Ok, await ApproveAsync("--action-digest", Hash, "--scope-hash", Hash, "--policy-hash", Hash));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("""{"obligations":[{"approval":OBLIGATION},{"approval":OBLIGATION}]}""")]
    [InlineData("""{"action_digest_b64u":"HASH","policy_hash_b64u":"HASH"}""")]
    public async Task Approve_RequestThatAsksForNothingOrTwoThings_IsRefused(string form) =>
        Assert.Equal(ExitCodes.BadInput, await ApproveAsync("--request", Write(form)));

    [Theory]
    [InlineData("--tool", "argo-cd-admin")]
    [InlineData("--tool", "two words")]
    [InlineData("--host", "api.github.com")]
    [InlineData("--ttl", "0")]
    [InlineData("--ttl", "86401")]
    [InlineData("--action-digest", Hash)]
    public async Task Approve_OptionThatDoesNotFitTheRequest_IsRefusedAndSignsNothing(string option, string value)
    {
        Assert.Equal(ExitCodes.BadInput, await ApproveAsync("--request", Write("OBLIGATION"), option, value));
        Assert.False(File.Exists(OutPath));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task Approve_KeyOpenToOthers_IsRefused(UnixFileMode added)
    {
        File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | added);

        Assert.Equal(ExitCodes.BadInput, await ApproveAsync("--request", Write("OBLIGATION")));
    }

    [Fact]
    public async Task KeyGen_FileThatIsThere_StaysAsItIs()
    {
        var before = await File.ReadAllTextAsync(KeyPath, TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.BadInput, await CommandLine.RunAsync(["approve", "keygen", "--out", KeyPath]));
        Assert.Throws<IOException>(() => ApproverKeyFile.Create(KeyPath));
        Assert.Equal(before, await File.ReadAllTextAsync(KeyPath, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
    }

    private static string DigestOf(string tool) => ActionDigest.Compute(new PolicyQuestion { Tool = ToolName.TryParse(tool, out var name) ? name : null }, null);

    private string Write(string form)
    {
        var path = Path.Combine(_directory, "request.json");
        File.WriteAllText(
            path,
            form.Replace("OBLIGATION", Obligation, StringComparison.Ordinal).Replace("DIGEST", DigestOf("argo-cd"), StringComparison.Ordinal).Replace("HASH", Hash, StringComparison.Ordinal));
        return path;
    }

    private Task<int> ApproveAsync(params string[] options) =>
        CommandLine.RunAsync(["approve", "--agent", Agent, "--approver", "email:alice@example.com", "--key", KeyPath, "--out", OutPath, "--yes", .. options]);
}
