using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClawPdp.Documentation;
using ClawPdp.V1;

namespace ClawPdp.EndToEnd.Tests.Pages;

/// <summary>What the pages for operators and auditors show, run as it stands there: audit, ledger, revocation, callers.</summary>
public sealed class OperatorPagesTests
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    [Fact]
    public async Task AuditPages_OfARun_ProveIt()
    {
        await using var shell = await PageShell.StartAsync();
        var agent = (await shell.RunAsync("clawpdp keys agent create --data \"$DATA\"")).Trim().Split(' ')[^1];
        await ActAsync(shell, await shell.IssueAsync(agent), "run-pages");
        var trust = await TrustAsync(shell);

        var output = await shell.RunAsync(DocumentedBlock.Read("README.md sh 3"), [("RUN", "run-pages"), .. trust]);
        File.Copy(Path.Combine(shell.Folder, "evidence", "evidence.json"), Path.Combine(shell.Folder, "evidence.json"));
        File.Delete(Path.Combine(shell.Folder, "report.html"));
        var audited = await shell.RunAsync(DocumentedBlock.Read("docs/audit.md sh 1"), trust);

        Assert.All(trust, name => Assert.Contains(name.Value, output, StringComparison.Ordinal));
        Assert.DoesNotContain("FAIL", audited, StringComparison.Ordinal);
        Assert.StartsWith("<!", shell.Read("report.html"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task LedgerPage_FromTheCheckToThePruning_DoesWhatItSays()
    {
        await using var shell = await PageShell.StartAsync();
        await ActAsync(shell, await shell.IssueAsync(), "run-pages");
        var trust = await TrustAsync(shell);

        var check = await shell.RunAsync(DocumentedBlock.Read("docs/ledger.md sh 1"));
        await shell.RunAsync(DocumentedBlock.Read("docs/ledger.md sh 2"));
        var backup = await shell.RunAsync(DocumentedBlock.Read("docs/ledger.md sh 3"));
        var restored = await shell.RunAsync(DocumentedBlock.Read("docs/ledger.md sh 4"), [("NEW_DATA", Path.Combine(shell.Folder, "restored")), .. trust]);
        await shell.Sidecar.Process.TerminateAsync();
        await shell.Sidecar.Process.EndAsync(TimeSpan.FromSeconds(20));
        var pruned = await shell.RunAsync(DocumentedBlock.Read("docs/ledger.md sh 5"));

        Assert.EndsWith("the ledger holds\n", check, StringComparison.Ordinal);
        Assert.All(
            shell.Read("records.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries),
            static line => Assert.Contains(JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString(), (string[])["decision", "receipt"]));
        Assert.Contains("private keys", backup, StringComparison.Ordinal);
        Assert.Contains("restored up to record", restored, StringComparison.Ordinal);
        Assert.Contains("would look up to ", pruned, StringComparison.Ordinal);
        Assert.Contains("\nlooked up to ", pruned, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevocationPage_EveryKind_IsRevoked()
    {
        await using var shell = await PageShell.StartAsync();
        var token = await shell.IssueAsync();
        shell.Write("alice.cst", token);
        var kid = JsonDocument.Parse(Convert.FromBase64String(Padded(token.Split('.')[0]))).RootElement.GetProperty("kid").GetString() ?? "";
        var commands = DocumentedBlock.Read("docs/revocation.md sh 1");

        await shell.RunAsync(
            commands,
            ("TOKEN_SHA256", Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)))), ("JTI", "jti-of-a-page"), ("OWNER", "owner-of-a-page"), ("KID", kid), ("HASH", Hash), ("MISSION", "mission-of-a-page"));
        var list = await shell.RunAsync("clawpdp revocations list --json");

        Assert.Equal(ReasonCode.TokenRevoked, await shell.Sidecar.AskAsync(token, "github"));
        foreach (var named in (string[])["lost laptop", "jti-of-a-page", "owner-of-a-page", kid, Hash, "mission-of-a-page", PublishedSidecar.AgentDid])
        {
            Assert.Contains(named, list, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CallersPage_AdminTokens_AreMadeListedAndRemoved()
    {
        await using var shell = await PageShell.StartAsync();
        await shell.RunAsync("clawpdp revoke --issued-before now --reason 'a page'");

        var tokens = await shell.RunAsync(DocumentedBlock.Read("docs/callers.md sh 1"));
        var acts = await shell.RunAsync(DocumentedBlock.Read("docs/callers.md sh 2"));

        Assert.Contains("ci", tokens, StringComparison.Ordinal);
        Assert.DoesNotContain("\"ci\"", shell.Read("admin-tokens.json"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"kind\":\"receipt\"", acts, StringComparison.Ordinal);
    }

    private static string Padded(string part) => part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');

    private static async Task<(string Name, string Value)[]> TrustAsync(PageShell shell)
    {
        var keys = (await shell.RunAsync("clawpdp keys list --data \"$DATA\"")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. ((string[])["receipt", "policy", "log"]).Select(purpose =>
            ($"{purpose.ToUpperInvariant()}_DID", keys.Single(line => line.StartsWith(purpose + " ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1]))];
    }

    private static async Task ActAsync(PageShell shell, string token, string run)
    {
        await shell.Sidecar.Runs.StartRunAsync(new StartRunRequest { Cst = token, RunId = run });
        var decision = await shell.Sidecar.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, RunId = run, Tool = "github" });
        await shell.Sidecar.Receipts.SignReceiptAsync(new SignReceiptRequest
        {
            Cst = token,
            RunId = run,
            Nonce = decision.DecisionId,
            DecisionId = decision.DecisionId,
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
        });
        await shell.Sidecar.Runs.FinishRunAsync(new FinishRunRequest { Cst = token, RunId = run });
    }
}
