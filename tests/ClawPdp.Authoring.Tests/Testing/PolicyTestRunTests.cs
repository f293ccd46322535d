using ClawPdp.Authoring.Testing;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Tokens;
using ClawPdp.Crypto;

namespace ClawPdp.Authoring.Tests.Testing;

public sealed class PolicyTestRunTests : IDisposable
{
    private const string Policy = """
        policy_version: "2"
        policy_id: p
        issuer_did: did:web:example.com
        statements:
          - {sid: AllowGithub, effect: Allow, actions: [tool:execute], resources: [github/**], conditions: {StringEquals: {"Caller:Env": dev}}}
          - {sid: AllowDeploy, effect: Allow, actions: [tool:execute], resources: [deploy], conditions: {Bool: {Request:HasHumanApproval: "true"}}}
          - {sid: AllowAgent, effect: Allow, actions: [tool:execute], resources: [agent], conditions: {StringEquals: {Agent:DID: did:web:known.example}}}
          - {sid: DenySecrets, effect: Deny, actions: ["*"], resources: ["**/secrets/**"]}
          - {sid: AllowModels, effect: Allow, actions: [model:invoke], resources: ["*"]}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("action: {tool: github/read}, context: {\"Caller:Env\": dev}", "allow", "ALLOWED", "AllowGithub")]
    [InlineData("action: {tool: github/read}, context: {\"Caller:Env\": prod}", "deny", "POLICY_VIOLATION", "")]
    [InlineData("action: {tool: github/secrets/x}, context: {\"Caller:Env\": dev}", "deny", "POLICY_VIOLATION", "DenySecrets")]
    [InlineData("action: {tool: deploy}", "deny", "CAPABILITY_REQUIRES_APPROVAL", "AllowDeploy")]
    [InlineData("action: {tool: deploy}, approved: true", "allow", "ALLOWED", "AllowDeploy")]
    [InlineData("action: {tool: agent}", "deny", "POLICY_VIOLATION", "")]
    [InlineData("action: {tool: agent}, claims: {sub: \"did:web:known.example\"}", "allow", "ALLOWED", "AllowAgent")]
    [InlineData("action: {tool: agent}, claims: {sub: \"did:web:known.example\", scope: [\"tool:other\"]}", "deny", "TOOL_NOT_ALLOWED", "")]
    [InlineData("action: {model: m}, claims: {scope: [\"tool:*\"]}", "deny", "MODEL_NOT_ALLOWED", "")]
    [InlineData("action: {tool: \"a b\"}", "deny", "TOOL_INVALID", "")]
    [InlineData("action: {model: m}, at: 2026-01-05T09:00:00Z, claims: {exp: 1767603600}", "deny", "TOKEN_EXPIRED", "")]
    [InlineData("action: {model: m}, at: 2026-01-05T08:59:59Z, claims: {exp: 1767603600}", "allow", "ALLOWED", "AllowModels")]
    [InlineData("action: {model: m}, claims: {policy_hash_b64u: d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw}", "deny", "POLICY_HASH_MISMATCH", "")]
    public void Run_Case_IsAnsweredByTheDecisionTable(string members, string effect, string reason, string sid)
    {
        var (right, wrong) = (effect, effect is "allow" ? "deny" : "allow");
        var report = Run($"  - {{name: right, {members}, expect: {{effect: {right}, reason: {reason}, sids: [{sid}]}}}}\n  - {{name: wrong, {members}, expect: {{effect: {wrong}}}}}\n");

        Assert.Empty(report.Faults);
        Assert.Equal([true, false], report.Suites[0].Results.Select(static result => result.HasPassed));
        Assert.Equal(reason, ReasonCatalog.NameOf(report.Suites[0].Results[0].Decision.Reason));
    }

    [Theory]
    [InlineData("{effect: allow, sids: [AllowModels, AllowGithub]}")]
    [InlineData("{effect: allow, sids: [AllowGithub]}")]
    [InlineData("{effect: allow, sids: []}")]
    [InlineData("{effect: allow, reason: POLICY_VIOLATION}")]
    public void Run_AnotherReasonOrOtherStatements_IsAFailure(string expectation)
    {
        var report = Run($"  - {{name: a, action: {{tool: github/x, model: m}}, context: {{\"Caller:Env\": dev}}, expect: {expectation}}}\n");

        Assert.Equal((0, 1), (report.PassedCount, report.FailedCount));
        Assert.NotEmpty(report.Suites[0].Results[0].Explanation);
    }

    [Fact]
    public void Run_Failure_SaysWhatDecidedAndWhatWasNearest()
    {
        var report = Run("""
              - {name: env, action: {tool: github/read}, context: {"Caller:Env": prod}, expect: {effect: allow}}
              - {name: secret, action: {tool: github/secrets/x}, context: {"Caller:Env": dev}, expect: {effect: allow, sids: [AllowGithub]}}
              - {name: scope, claims: {scope: ["tool:other"]}, action: {tool: github/read}, expect: {effect: allow}}
            """);
        var explanations = report.Suites[0].Results.Select(static result => string.Join('\n', result.Explanation)).ToList();

        Assert.Contains("nearest: AllowGithub (Allow) does not match: `github/**` matches `github/read`; StringEquals `Caller:Env` `dev` saw `prod` and does not hold", explanations[0], StringComparison.Ordinal);
        Assert.Contains("DenySecrets (Deny) decided: `**/secrets/**` matches `github/secrets/x`", explanations[1], StringComparison.Ordinal);
        Assert.Contains("failed at the check `scope`", explanations[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Defaults_AreOverriddenMemberByMember()
    {
        _folder.Write("p.yaml", Policy);
        _folder.Write("a.test.yaml", """
            policy: p.yaml
            defaults:
              claims: {sub: "did:web:known.example", scope: ["tool:agent"]}
              action: {tool: agent}
            cases:
              - {name: inherited, expect: {effect: allow}}
              - {name: other scope and same subject, claims: {scope: ["tool:*"]}, expect: {effect: allow}}
              - {name: other subject and same scope, claims: {sub: "did:web:else.example"}, expect: {effect: deny, reason: POLICY_VIOLATION}}
              - {name: another tool beside, action: {model: m}, expect: {effect: deny, reason: MODEL_NOT_ALLOWED}}
            """);

        Assert.Equal((4, 0), (PolicyTestRun.Run([_folder.Root], null).PassedCount, PolicyTestRun.Run([_folder.Root], null).FailedCount));
    }

    [Fact]
    public void Run_Coverage_TellsMatchedEvaluatedAndNever()
    {
        var report = Run("  - {name: a, action: {tool: github/x}, context: {\"Caller:Env\": dev}, expect: {effect: allow}}\n");
        var coverage = Assert.Single(report.Coverage);

        Assert.Equal(
            [("AllowGithub", StatementReach.Matched), ("AllowDeploy", StatementReach.Evaluated), ("AllowAgent", StatementReach.Evaluated), ("DenySecrets", StatementReach.Evaluated), ("AllowModels", StatementReach.Never)],
            coverage.Statements);
        Assert.Equal(20, report.CoveragePercent);
    }

    [Fact]
    public void Run_CaseRefusedBeforeThePolicy_CoversNothing()
    {
        var report = Run("  - {name: a, claims: {scope: [\"tool:y\"]}, action: {tool: github/x}, expect: {effect: deny}}\n");

        Assert.All(Assert.Single(report.Coverage).Statements, static statement => Assert.Equal(StatementReach.Never, statement.Reach));
    }

    [Fact]
    public void Run_Filter_RunsOnlyNamesThatHoldIt()
    {
        _folder.Write("p.yaml", Policy);
        var path = _folder.Write("a.test.yaml", "policy: p.yaml\ncases:\n  - {name: One, action: {model: m}, expect: {effect: allow}}\n  - {name: two, action: {model: m}, expect: {effect: deny}}\n");

        Assert.Equal("One", Assert.Single(PolicyTestRun.Run([path], "ONE").Suites[0].Results).Case.Name);
    }

    [Fact]
    public void Run_SeveralPolicies_AskEachOfThem()
    {
        _folder.Write("p.yaml", Policy);
        _folder.Write("q.yaml", Policy.Replace("policy_id: p", "policy_id: q", StringComparison.Ordinal));
        _folder.Write("a.test.yaml", "policies: [p.yaml, q.yaml]\ncases: [{name: a, action: {model: m}, expect: {effect: allow}}]\n");

        Assert.Equal(["p", "q"], PolicyTestRun.Run([_folder.Root], null).Suites[0].Results.Select(static result => result.Target.Chain.Policy.PolicyId));
    }

    [Theory]
    [InlineData(true, "ALLOWED")]
    [InlineData(false, "TOKEN_SCOPE_HASH_REQUIRED")]
    public void Run_Token_CountsAsItStands(bool hasScopeHash, string reason)
    {
        using var key = new PurposeKey(KeyPurpose.Token, Ed25519SigningKey.Generate());
        var claims = new CstClaims
        {
            Subject = "did:web:known.example",
            Audience = ["gateway"],
            Scope = ["tool:agent"],
            IssuedAt = 1_767_600_000,
            ExpiresAt = 1_767_600_600,
        };
        _folder.Write("a.jwt", CstWriter.Write(hasScopeHash ? claims with { TokenScopeHash = TokenScopeHash.Compute(claims) } : claims, key.PublicKey.KeyId, holder: null, key.SignToken) + "\n");
        var report = Run($$$"""
              - {name: in time, token: a.jwt, at: 2026-01-05T08:05:00Z, action: {tool: agent}, expect: {effect: {{{(hasScopeHash ? "allow" : "deny")}}}, reason: {{{reason}}}}}
              - {name: too late, token: a.jwt, at: 2026-01-05T08:10:00Z, action: {tool: agent}, expect: {effect: deny, reason: TOKEN_EXPIRED}}
            """);

        Assert.Empty(report.Faults);
        Assert.Equal((2, 0), (report.PassedCount, report.FailedCount));
    }

    private PolicyTestReport Run(string cases)
    {
        _folder.Write("p.yaml", Policy);
        return PolicyTestRun.Run([_folder.Write("a.test.yaml", "policy: p.yaml\ncases:\n" + cases)], null);
    }
}
