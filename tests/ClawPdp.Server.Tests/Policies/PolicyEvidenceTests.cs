using System.Collections.Immutable;
using ClawPdp.Audit;
using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Grpc.Core;

namespace ClawPdp.Server.Tests.Policies;

/// <summary>What an auditor gets of policies that inherit, and of policies that were signed again.</summary>
public sealed class PolicyEvidenceTests
{
    private const string Hash = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    [Fact]
    public async Task ExportRun_UnderAPolicyThatInherits_HoldsTheWholeChain()
    {
        await using var bed = await PolicyBed.StartAsync();
        var parent = await bed.HoldAsync(TestPolicies.Of("parent", ["github"]));
        var child = await bed.HoldAsync(TestPolicies.Of("child", ["github", "argo-cd"], parent));
        await bed.HoldAsync(TestPolicies.Of("unrelated", ["github"]));
        await bed.ActivateAsync(child);
        await SignAsync(bed, (await bed.TokenAsync()).Cst);

        var evidence = await ExportAsync(bed);
        var report = AuditVerifier.Verify(evidence, [.. bed.Installation.TrustedDids(), bed.Signer.PublicKey.Did], bed.Time.GetUtcNow());

        Assert.True(report.Holds, ProblemsOf(report));
        Assert.Equal([parent, child], DocumentsOf(evidence, "policy"));
    }

    [Fact]
    public async Task ExportRun_PolicySignedAgain_IsGoodForAnAuditorWhoTrustsEitherKey()
    {
        using var other = TestPolicies.NewKey();
        await using var bed = await PolicyBed.StartAsync((settings, _) => settings with
        {
            Policy = settings.Policy with { Signers = [.. settings.Policy.Signers, new PolicySigner(other.PublicKey.Did)] },
        });
        var policy = TestPolicies.Of("policy", ["github"]);
        await bed.ActivateAsync(await bed.HoldAsync(policy));
        await SignAsync(bed, (await bed.TokenAsync()).Cst);
        await bed.Client.Tokens.RevokeCstAsync(new RevokeCstRequest { Kid = bed.Signer.PublicKey.KeyId });
        await bed.PutAsync(TestPolicies.Sign(other, policy));

        var evidence = await ExportAsync(bed);
        var byOld = AuditVerifier.Verify(evidence, [.. bed.Installation.TrustedDids(), bed.Signer.PublicKey.Did], bed.Time.GetUtcNow());
        var byNew = AuditVerifier.Verify(evidence, [.. bed.Installation.TrustedDids(), other.PublicKey.Did], bed.Time.GetUtcNow());
        var byNeither = AuditVerifier.Verify(evidence, bed.Installation.TrustedDids(), bed.Time.GetUtcNow());

        Assert.True(byOld.Holds, ProblemsOf(byOld));
        Assert.True(byNew.Holds, ProblemsOf(byNew));
        Assert.False(byNeither.Holds);
        Assert.Single(DocumentsOf(evidence, "policy_envelope"));
    }

    private static async Task SignAsync(PolicyBed bed, string token)
    {
        var decision = await bed.Client.Decisions.AuthorizeAsync(new AuthorizeRequest { Cst = token, Tool = "github", RunId = "run-1" });
        var response = await bed.Client.Receipts.SignReceiptAsync(new SignReceiptRequest
        {
            Cst = token,
            RunId = "run-1",
            Nonce = "n1",
            DecisionId = decision.DecisionId,
            ToolCall = new ToolCall { ToolName = "github", ArgsHashB64U = Hash, ResultHashB64U = Hash },
        });
        Assert.NotNull(response.Receipt);
    }

    private static async Task<byte[]> ExportAsync(PolicyBed bed)
    {
        using var call = bed.Client.Audits.ExportRun(new ExportRunRequest { RunId = "run-1" });
        using var content = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (piece.File?.Name == "evidence.json")
            {
                piece.File.Content.WriteTo(content);
            }
        }

        return content.ToArray();
    }

    private static ImmutableArray<string> DocumentsOf(byte[] evidence, string type) =>
    [
        .. EvidenceReader.Read(evidence).Value.Records.Where(static record => record.Kind == "document")
            .Select(static record => Core.Json.JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(record.Content), 1 << 22).Value)
            .Where(content => content.FindText("document_type") == type)
            .Select(static content => content.FindText("hash_b64u") ?? ""),
    ];

    private static string ProblemsOf(AuditReport report) =>
        string.Join('\n', report.Answers.SelectMany(static answer => answer.Problems).Select(static problem => $"{problem.Code}: {problem.Message}"));
}
