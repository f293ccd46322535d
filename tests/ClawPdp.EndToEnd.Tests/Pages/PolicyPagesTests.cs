using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClawPdp.Documentation;
using ClawPdp.V1;
using Google.Protobuf;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>What the pages about policies show, run as it stands there.</summary>
public sealed partial class PolicyPagesTests
{
    private const string Policy = """
        { "policy_version": "2", "policy_id": "pol_pages", "issuer_did": "did:web:example.com",
          "statements": [ { "sid": "Github", "effect": "Allow", "actions": ["*"], "resources": ["github", "gpt-4o"] } ] }
        """;

    private static string Examples => Path.Combine(DocumentedBlock.Root, "docs", "policy", "examples");

    [Fact]
    public async Task TestingPage_ChecksAndTests_Hold()
    {
        Assert.NotEmpty(PublishedSidecar.Binary);
        var folder = Directory.CreateTempSubdirectory("clawpdp-pages-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "policies"));
        foreach (var file in Directory.EnumerateFiles(Examples))
        {
            File.Copy(file, Path.Combine(folder, "policies", Path.GetFileName(file)));
        }

        var (code, output) = await PageShell.RunAsync(DocumentedBlock.Read("docs/policy/testing.md sh 1"), DocumentedBlock.Root);
        var (inCi, tested) = await PageShell.RunAsync(DocumentedBlock.Read("docs/policy/testing.md sh 2"), folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "policies", "deploy.test.yaml"), DocumentedBlock.Read("docs/policy/testing.md yaml 1"), TestContext.Current.CancellationToken);
        var (shown, cases) = await PageShell.RunAsync("clawpdp policy test policies/deploy.test.yaml", folder);
        Directory.Delete(folder, recursive: true);

        Assert.True(code == 0, output);
        Assert.True(inCi == 0, tested);
        Assert.True(shown == 0, cases);
        Assert.Contains("2 passed, 0 failed", cases, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperationsAndShadowPages_FromTheDraftToTheReplay_DoWhatTheySay()
    {
        await using var shell = await PageShell.StartAsync();
        var token = await shell.IssueAsync();
        shell.Write("policy.json", Policy);
        shell.Write("candidate.json", Policy.Replace("\"github\", ", "", StringComparison.Ordinal));

        var operated = await shell.RunAsync(DocumentedBlock.Read("docs/policy/operations.md sh 1"));
        Assert.Equal(ReasonCode.Allowed, await shell.Sidecar.AskAsync(token, "github"));
        await shell.RunAsync("clawpdp policy sign candidate.json --data /var/lib/clawpdp --out candidate.signed.json");
        var shadowed = await shell.RunAsync(DocumentedBlock.Read("docs/policy/shadow.md sh 1"));
        var (replayed, changes) = await shell.TryAsync(DocumentedBlock.Read("docs/policy/shadow.md sh 2"));

        Assert.Contains("nothing was changed", operated, StringComparison.Ordinal);
        Assert.Contains("CHG-4711", operated, StringComparison.Ordinal);
        Assert.NotEmpty(shadowed);
        Assert.True(replayed == 1, changes);
        Assert.Contains("ALLOWED -> POLICY_VIOLATION", changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainPage_Commands_AnswerAsItShows()
    {
        await using var shell = await PageShell.StartAsync();
        shell.Write("cst.txt", await shell.IssueAsync());
        shell.Write("base.json", """
            { "policy_version": "2", "policy_id": "base", "issuer_did": "did:web:example.com", "statements": [
              { "sid": "Everything", "effect": "Allow", "actions": ["*"], "resources": ["*"] },
              { "sid": "NoSecrets", "effect": "Deny", "actions": ["*"], "resources": ["**/secrets/**"] } ] }
            """);
        var hash = (await shell.RunAsync("clawpdp policy hash base.json")).Trim();
        shell.Write("team.json", $$"""
            { "policy_version": "2", "policy_id": "team", "issuer_did": "did:web:example.com", "inherits": "{{hash}}", "statements": [
              { "sid": "Github", "effect": "Allow", "actions": ["tool:execute"], "resources": ["github/**"] },
              { "sid": "Wiki", "effect": "Allow", "actions": ["side_effect:network_egress"], "resources": ["*.atlassian.net"] },
              { "sid": "OtherTickets", "effect": "Deny", "actions": ["tool:execute"], "resources": ["github/**"], "conditions": { "StringNotLike": { "Caller:ticket": "OPS-*" } } } ] }
            """);

        var (asked, answer) = await shell.TryAsync(DocumentedBlock.Read("docs/policy/explain.md sh 1"));
        var (offline, explanation) = await shell.TryAsync(DocumentedBlock.Read("docs/policy/explain.md sh 2"));
        var list = await shell.RunAsync(DocumentedBlock.Read("docs/policy/explain.md sh 3"));

        Assert.Equal((1, 1), (asked, offline));
        Assert.Contains("TOOL_NOT_ALLOWED", answer, StringComparison.Ordinal);
        Assert.Equal(Masked(DocumentedBlock.Read("docs/policy/explain.md text 1")), Masked(explanation));
        Assert.Contains("wiki.atlassian.net", list, StringComparison.Ordinal);
        Assert.Contains("*.atlassian.net", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnalysisPage_Commands_FindWhatChangedAndWhatIsOdd()
    {
        await using var shell = await PageShell.StartAsync();
        shell.Write("old.json", Policy);
        shell.Write("new.json", Policy.Replace("\"github\", ", "", StringComparison.Ordinal));
        shell.Write("policy.json", Policy.Replace("\"*\"", "\"tool:execute\"", StringComparison.Ordinal).Replace("\"github\", ", "\"github/\", ", StringComparison.Ordinal));
        shell.Write("mapping.json", DocumentedBlock.Read("README.md json 1"));

        var (changed, changes) = await shell.TryAsync(DocumentedBlock.Read("docs/policy/analysis.md sh 1"));
        var (odd, findings) = await shell.TryAsync(DocumentedBlock.Read("docs/policy/analysis.md sh 2"));

        Assert.True(changed == 1, changes);
        Assert.StartsWith("tools: ALLOW -> DENY\n  tool github\n", changes, StringComparison.Ordinal);
        Assert.True(odd is 0 or 1, findings);
        Assert.Contains("PATTERN_NEVER_MATCHES", findings, StringComparison.Ordinal);
    }

    // The page's statement and command are about argo-cd; the token of this sidecar grants github.
    [Fact]
    public async Task ApprovalsPage_FromTheKeyToTheApproval_LetsOneActionPass()
    {
        Assert.NotEmpty(PublishedSidecar.Binary);
        var folder = Directory.CreateTempSubdirectory("clawpdp-pages-").FullName;
        var (made, printed) = await PageShell.RunAsync(DocumentedBlock.Read("docs/policy/approvals.md sh 1"), folder);
        Assert.True(made == 0, printed);
        var did = printed.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Single(static word => word.StartsWith("did:key:", StringComparison.Ordinal));
        await using var shell = await PageShell.StartAsync(new JsonObject { ["approvers"] = new JsonArray(did) });
        File.Move(Path.Combine(folder, "approver.key"), Path.Combine(shell.Folder, "approver.key"));
        Directory.Delete(folder);
        var statement = DocumentedBlock.Read("docs/policy/approvals.md json 1").Replace("argo-cd", "github", StringComparison.Ordinal);
        shell.Write("policy.json", $$"""{ "policy_version": "2", "policy_id": "pol_pages", "issuer_did": "did:web:example.com", "statements": [ {{statement}} ] }""");
        await shell.RunAsync(DocumentedBlock.Read("docs/policy/operations.md sh 1"));
        var request = new AuthorizeRequest { Cst = await shell.IssueAsync(), Tool = "github" };

        var denied = await shell.Sidecar.Decisions.AuthorizeAsync(request);
        shell.Write("denial.json", JsonFormatter.Default.Format(denied));
        await shell.RunAsync(DocumentedBlock.Read("docs/policy/approvals.md sh 2").TrimEnd().Replace("argo-cd", "github", StringComparison.Ordinal) + " --yes");
        request.Approvals.Add(ByteString.CopyFromUtf8(shell.Read("approval.json")));

        Assert.Equal(ReasonCode.CapabilityRequiresApproval, denied.ReasonCode);
        Assert.Equal(Effect.Allow, (await shell.Sidecar.Decisions.AuthorizeAsync(request)).Effect);
    }

    // Hashes, keys and agents are those of the installation.
    private static string Masked(string text) => Changing().Replace(text, "*").TrimEnd();

    [GeneratedRegex("(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])|did:key:z[1-9A-HJ-NP-Za-km-z]+|\\b[0-9a-f]{16}\\b", RegexOptions.None, 1000)]
    private static partial Regex Changing();
}
