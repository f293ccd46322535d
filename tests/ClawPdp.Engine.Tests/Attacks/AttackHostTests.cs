using System.Text.Json;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Engine.Tests.Attacks;

/// <summary>Every host of the table, asked with a token that grants all hosts by patterns.</summary>
public sealed class AttackHostTests
{
    private const string WidePolicy = """{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{"sid":"all","effect":"Allow","actions":["*"],"resources":["*"]}]}""";

    [Fact]
    public void Decide_EachRowWithAWideToken_AllowsNeitherGuardedNorUnreadable()
    {
        using var fixture = new EngineFixture();
        var token = fixture.Sign(EngineFixture.Claims("egress:*", "egress:0.0.0.0/0", "egress:[::]/0", "egress:*.google.internal", "tool:github"));
        foreach (var row in AttackRows.Read("hosts.json"))
        {
            var host = AttackRows.Text(row, "host");
            var decision = fixture.Ask(token, tool: "github", host: host);

            Assert.True(ReasonOf(row, host) == decision.Reason, $"{row}: {decision.Reason}");
        }
    }

    [Fact]
    public void Decide_GuardedHostThatTheTokenNames_NeedsThePolicyToNameItToo()
    {
        var policy = Core.Policies.WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(WidePolicy)).Value;
        var literal = Core.Policies.WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(WidePolicy.Replace("\"*\"]}", "\"169.254.169.254\"]}", StringComparison.Ordinal))).Value;
        using var bare = new EngineFixture();
        using var wide = new EngineFixture(policy);
        using var named = new EngineFixture(literal);
        var claims = EngineFixture.Claims("egress:169.254.169.254");

        Assert.Equal(ReasonCode.Allowed, bare.Ask(bare.Sign(claims), host: "[::ffff:169.254.169.254]").Reason);
        Assert.Equal((ReasonCode.PolicyViolation, Dimension.Host), (wide.Ask(wide.Sign(claims), host: "169.254.169.254").Reason, wide.Ask(wide.Sign(claims), host: "169.254.169.254").Dimension));
        Assert.Equal(ReasonCode.Allowed, named.Ask(named.Sign(claims), host: "169.254.169.254").Reason);
        Assert.Equal(ReasonCode.EgressNotAllowed, named.Ask(named.Sign(claims), host: "169.254.169.253").Reason);
    }

    [Fact]
    public void Decide_GuardedHostUnderTrace_SaysWhy()
    {
        using var fixture = new EngineFixture();
        var trace = new DecisionTrace();
        var token = fixture.Sign(EngineFixture.Claims("egress:*"));

        var decision = fixture.Engine.Decide(new Question { Token = token, Host = "metadata.google.internal" }, EngineFixture.Now, out _, trace);

        Assert.Equal(ReasonCode.EgressNotAllowed, decision.Reason);
        Assert.Contains("cloud-metadata", trace.Checks[^1].Detail, StringComparison.Ordinal);
    }

    private static ReasonCode ReasonOf(JsonElement row, string host) =>
        row.GetProperty("reads_as").ValueKind != JsonValueKind.String ? (host.Length == 0 ? ReasonCode.Allowed : ReasonCode.HostInvalid)
        : row.GetProperty("guarded").GetBoolean() ? ReasonCode.EgressNotAllowed
        : ReasonCode.Allowed;
}
