using System.Reflection;
using System.Text;
using ClawPdp.Authoring.Analysis.Lint;
using ClawPdp.Core.Mappings;

namespace ClawPdp.Authoring.Tests.Analysis;

public sealed class PolicyLintTests
{
    private const string Tool = "tool:execute";
    private const string Model = "model:invoke";
    private const string Host = "side_effect:network_egress";

    // Code, severity, sid and a policy that has it; and one that is one step away.
    public static TheoryData<string, LintSeverity, string?, string, string> Rules => new()
    {
        { LintCodes.UnreachableStatement, LintSeverity.Error, "S", PolicyText.Deny("S", "side_effect:filesystem_read", "**"), PolicyText.Deny("S", Tool, "**") },
        { LintCodes.UnreachableStatement, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "a//b"), PolicyText.Allow("S", Tool, "a/b") },
        { LintCodes.UnreachableStatement, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "a/**", Of("StringLike", "Tool:Name", "b/*")), PolicyText.Allow("S", Tool, "a/**", Of("StringLike", "Tool:Name", "*/b")) },
        { LintCodes.UnreachableStatement, LintSeverity.Error, "S", PolicyText.Deny("S", Tool, "x", Of("StringNotEquals", "Tool:Name", "x")), PolicyText.Deny("S", Tool, "?", Of("StringNotEquals", "Tool:Name", "x")) },
        { LintCodes.Contradiction, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "*", Of("NumericLessThan", "Context:Hour", "6") + "," + Of("NumericGreaterThan", "Context:Hour", "5")), PolicyText.Allow("S", Tool, "*", Of("NumericLessThan", "Context:Hour", "7") + "," + Of("NumericGreaterThan", "Context:Hour", "5")) },
        { LintCodes.Contradiction, LintSeverity.Error, "S", PolicyText.Deny("S", Tool, "*", Of("StringEquals", "Caller:A", "1") + "," + Of("StringNotEquals", "Caller:A", "1")), PolicyText.Deny("S", Tool, "*", Of("StringEquals", "Caller:A", "1") + "," + Of("StringNotEquals", "Caller:A", "2")) },
        { LintCodes.Contradiction, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "*", Of("NumericGreaterThan", "Context:Hour", "23")), PolicyText.Allow("S", Tool, "*", Of("NumericGreaterThan", "Context:Hour", "22")) },
        { LintCodes.Contradiction, LintSeverity.Warning, "S", PolicyText.Allow("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.0/8") + "," + Of("StringLike", "SideEffect:TargetDomain", "*.a.b")), PolicyText.Allow("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.0/8") + "," + Of("StringEquals", "SideEffect:TargetDomain", "10.1.1.1")) },
        { LintCodes.ShadowedAllow, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "a/b") + "," + PolicyText.Deny("D", Tool, "a/**"), PolicyText.Allow("S", Tool, "a/b") + "," + PolicyText.Deny("D", Tool, "a/*/**") },
        { LintCodes.ShadowedAllow, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "a/?") + "," + PolicyText.Deny("D", Tool, "a/**", Hour("NumericLessThan", "12")) + "," + PolicyText.Deny("E", Tool, "a/**", Hour("NumericGreaterThan", "11")), PolicyText.Allow("S", Tool, "a/?") + "," + PolicyText.Deny("D", Tool, "a/**", Hour("NumericLessThan", "12")) + "," + PolicyText.Deny("E", Tool, "a/**", Hour("NumericGreaterThan", "12")) },
        { LintCodes.RedundantStatement, LintSeverity.Note, "S", PolicyText.Allow("W", Tool, "a/**") + "," + PolicyText.Allow("S", Tool, "a/*"), PolicyText.Allow("W", Tool, "a/*/*") + "," + PolicyText.Allow("S", Tool, "a/*") },
        { LintCodes.RedundantStatement, LintSeverity.Note, "S", PolicyText.Deny("W", Tool, "a", Of("StringNotEquals", "Caller:A", "1")) + "," + PolicyText.Deny("S", Tool, "a", Of("StringEquals", "Caller:A", "2")), PolicyText.Deny("W", Tool, "a", Of("StringNotEquals", "Caller:A", "2")) + "," + PolicyText.Deny("S", Tool, "a", Of("StringEquals", "Caller:A", "2")) },
        { LintCodes.SwallowingWildcard, LintSeverity.Warning, "S", PolicyText.Allow("S", "*", "**"), PolicyText.Allow("S", Tool, "**") },
        { LintCodes.SwallowingWildcard, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "*") + "," + PolicyText.Allow("N", Tool, "a/*"), PolicyText.Allow("S", Tool, "*", Hour("NumericLessThan", "12")) + "," + PolicyText.Allow("N", Tool, "a/*") },
        { LintCodes.PatternNeverMatches, LintSeverity.Error, "S", PolicyText.Deny("S", Tool, "/etc/**"), PolicyText.Deny("S", Tool, "etc/**") },
        { LintCodes.PatternNeverMatches, LintSeverity.Warning, "S", PolicyText.Allow("S", Model, "gpt 4"), PolicyText.Allow("S", Model, "gpt-4") },
        { LintCodes.PatternNeverMatches, LintSeverity.Note, "S", PolicyText.Deny("S", "*", "a b"), PolicyText.Deny("S", "*", "A") },
        { LintCodes.PatternNeverMatches, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "*", Of("StringEquals", "Tool:Name", "a/")), PolicyText.Allow("S", Tool, "*", Of("StringEquals", "Tool:Name", "a")) },
        { LintCodes.DenyOnStatedContext, LintSeverity.Warning, "S", PolicyText.Deny("S", Tool, "*", Of("StringEquals", "Caller:Env", "prod")), PolicyText.Deny("S", Tool, "*", Of("StringLike", "Caller:Env", "**")) },
        { LintCodes.AllowOnStatedContext, LintSeverity.Note, "S", PolicyText.Allow("S", Tool, "*", Of("StringEquals", "Receipt:ProofTier", "gateway")), PolicyText.Allow("S", Tool, "*", Of("StringEquals", "Agent:DID", "did:web:a")) },
        { LintCodes.AddressOnNames, LintSeverity.Warning, "S", PolicyText.Deny("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.0/8")), PolicyText.Deny("S", Host, "*", Of("StringEquals", "SideEffect:TargetDomain", "10.0.0.0")) },
        { LintCodes.AddressOnNames, LintSeverity.Note, "S", PolicyText.Allow("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.0/8")), PolicyText.Allow("S", Host, "*", Of("IpAddress", "Caller:Peer", "10.0.0.0/8")) },
        { LintCodes.HostBitsIgnored, LintSeverity.Warning, "S", PolicyText.Allow("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.1/8")), PolicyText.Allow("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.1")) },
        { LintCodes.AlwaysUnresolvable, LintSeverity.Warning, "S", PolicyText.Allow("S", Tool, "*", Of("StringEquals", "SideEffect:TargetDomain", "a.b")), PolicyText.Allow("S", Host, "*", Of("StringEquals", "SideEffect:TargetDomain", "a.b")) },
        { LintCodes.AlwaysUnresolvable, LintSeverity.Warning, "S", PolicyText.Deny("S", Model, "*", Of("NumericEquals", "SideEffect:TargetPort", "22")), PolicyText.Deny("S", "*", "*", Of("NumericEquals", "SideEffect:TargetPort", "22")) },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Check_PolicyWithTheFault_FindsItAndNotOneStepAway(string code, LintSeverity severity, string? sid, string faulty, string sound)
    {
        Assert.Contains(PolicyLint.Check(PolicyText.Chain(faulty)), finding => finding.Code == code && finding.Severity == severity && finding.Sid == sid && finding.Line > 0);
        Assert.DoesNotContain(PolicyLint.Check(PolicyText.Chain(sound)), finding => finding.Code == code && finding.Severity == severity);
    }

    [Fact]
    public void Check_SoundPolicy_FindsNothing() => Assert.Empty(PolicyLint.Check(PolicyText.Chain(
        PolicyText.Allow("A", Tool, "github/**"),
        PolicyText.Deny("B", Tool, "**/delete_*"),
        PolicyText.Allow("C", Model, "gpt-*", Of("StringEquals", "Model:Provider", "openai")),
        PolicyText.Allow("D", Host, "*.github.com", Of("NumericEquals", "SideEffect:TargetPort", "443")),
        PolicyText.Allow("E", Tool, "deploy/*", Of("Bool", "Request:HasHumanApproval", "true")))));

    [Fact]
    public void Check_Finding_PointsToItsPlaceAndLine()
    {
        var finding = Assert.Single(PolicyLint.Check(PolicyText.Chain(PolicyText.Allow("A", Tool, "a"), PolicyText.Deny("S", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.1/8")))), static finding => finding.Code == LintCodes.HostBitsIgnored);

        Assert.Equal("/statements/1/conditions/IpAddress/SideEffect:TargetDomain", finding.Pointer);
        Assert.Equal(3, finding.Line);
    }

    [Fact]
    public void Check_TwoEqualStatements_CallsTheLaterOneRedundant()
    {
        var findings = PolicyLint.Check(PolicyText.Chain(PolicyText.Allow("A", Tool, "a"), PolicyText.Allow("B", Tool, "a")));

        Assert.Equal("B", Assert.Single(findings).Sid);
    }

    [Fact]
    public void Check_DenyOfAParent_ShadowsToo()
    {
        var parent = PolicyText.Policy(PolicyText.Allow("P", Tool, "**"), PolicyText.Deny("Q", Tool, "a"));
        var child = PolicyText.Load($$"""{"policy_version":"2","policy_id":"c","issuer_did":"did:key:z","inherits":"{{parent.PolicyHash}}","statements":[{{PolicyText.Allow("S", Tool, "a")}}]}""");

        Assert.Equal(LintCodes.ShadowedAllow, Assert.Single(PolicyLint.Check(PolicyText.Chain(child, parent))).Code);
    }

    [Fact]
    public void Check_ModelsOfVersion1_AreLookedAt()
    {
        var chain = PolicyText.Chain(PolicyText.Load("""{"policy_version":"1","policy_id":"p","issuer_did":"did:key:z","allowed_models":["gpt-4o","gpt 4"]}"""));

        Assert.Equal("/allowed_models/1", Assert.Single(PolicyLint.Check(chain)).Pointer);
    }

    [Fact]
    public void Check_MoreThanIsLookedAt_SaysSoAndClaimsNothing()
    {
        var statements = Enumerable.Range(0, 18).Select(static index => PolicyText.Allow($"S{index}", Tool, "*", Of("StringEquals", $"Caller:K{index}", "1")));

        var findings = PolicyLint.Check(PolicyText.Chain([.. statements, PolicyText.Allow("Never", Tool, "a//b")]));

        Assert.Contains(findings, static finding => finding.Code == LintCodes.Incomplete && finding.Message.StartsWith("INCOMPLETE", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, static finding => finding.Code is LintCodes.UnreachableStatement or LintCodes.RedundantStatement);
    }

    [Fact]
    public void Check_Mapping_FindsGrantsOfWhichNothingIsAllowed()
    {
        var chain = PolicyText.Chain(
            PolicyText.Allow("A", Tool, "github/**"),
            PolicyText.Deny("B", Tool, "github/admin/**"),
            PolicyText.Allow("C", Model, "gpt-*"),
            PolicyText.Allow("D", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", "10.0.0.0/8") + "," + Of("NumericEquals", "SideEffect:TargetPort", "443")));

        var findings = PolicyLint.Check(chain, Mapping(
            Group("ok", """["github/*"]""", """["*-4o"]""", """["10.1.0.0/16"]"""),
            Group("part", """["github/admin/*","github/a"]""", """["claude-*"]""", """["10.2.0.0/16","11.0.0.0/8","10.3.3.3:80","10.3.3.3:443"]"""),
            Group("nothing", """["jira"]""", """["o1"]""", """["a.example.com"]"""))).Where(static finding => finding.Code == LintCodes.MappingNeverAllowed).ToList();

        Assert.Equal(["egress:10.3.3.3:80", "egress:11.0.0.0/8", "model:claude-*", "tool:github/admin/*"], findings.Where(static finding => finding.Pointer == "/scope_mappings/1").Select(static finding => finding.Message.Split('`')[1]));
        var nothing = Assert.Single(findings, static finding => finding.Pointer == "/scope_mappings/2");
        Assert.Equal(LintSeverity.Error, nothing.Severity);
        Assert.DoesNotContain(findings, static finding => finding.Pointer == "/scope_mappings/0");
    }

    [Fact]
    public void Check_MappingThatPinsAnotherPolicy_IsFound()
    {
        var chain = PolicyText.Chain(PolicyText.Allow("A", Tool, "github/**"));
        static string Pinned(string hash) => Group("g", """["github/a"]""", """["o1"]""", """["a.example.com"]""").Replace("\"group\"", $"\"policy_pin\":{{\"policy_hash_b64u\":\"{hash}\"}},\"group\"", StringComparison.Ordinal);

        Assert.Equal(LintCodes.MappingPinsOther, Assert.Single(PolicyLint.Check(chain, Mapping(Pinned(PolicyText.Policy(PolicyText.Allow("B", Tool, "b")).PolicyHash)))).Code);
        Assert.DoesNotContain(PolicyLint.Check(chain, Mapping(Pinned(chain.Policy.PolicyHash))), static finding => finding.Code == LintCodes.MappingPinsOther);
    }

    [Fact]
    public void Documentation_NamesEveryCodeAndNoOther()
    {
        var root = typeof(PolicyLintTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(static item => item.Key == "RepositoryRoot").Value ?? "";
        var rows = File.ReadAllLines(Path.Combine(root, "docs", "policy", "analysis.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal) && char.IsAsciiLetterUpper(line[3]));

        Assert.Equal(
            typeof(LintCodes).GetFields().Select(static field => (string?)field.GetRawConstantValue()).Order(StringComparer.Ordinal),
            rows.Select(static row => row.Split('`')[1]).Order(StringComparer.Ordinal));
    }

    private static ScopeMappings Mapping(params string[] groups) =>
        ScopeMappingLoader.Load(Encoding.UTF8.GetBytes($$"""{"scope_mappings":[{{string.Join(',', groups)}}]}"""), new ScopeMappingOptions { AllowWildcards = true }).Value;

    private static string Group(string name, string tools, string models, string hosts) =>
        $$"""{"group":"{{name}}","cst_claims":{"allowed_tools":{{tools}},"allowed_models":{{models}},"egress_allowlist":{{hosts}},"max_ttl_seconds":300} }""";

    private static string Of(string operation, string key, string value) => $"\"{operation}\":{{\"{key}\":\"{value}\"}}";

    private static string Hour(string operation, string value) => Of(operation, "Context:Hour", value);
}
