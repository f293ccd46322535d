using System.Text.Json;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tests.Grammar;

namespace ClawPdp.Core.Tests.Attacks;

/// <summary>Every host of the table, in the grammar, in scopes and in policies.</summary>
public sealed class AttackHostTests
{
    private static readonly string[] Wide =
    [
        "*", "0.0.0.0/0", "[::]/0", "169.254.0.0/16", "169.254.169.254/31", "100.100.100.192/26", "168.63.0.0/16", "192.0.0.0/24", "[fe80::]/10", "[fd00::]/8", "[::]/96",
        "[64:ff9b::]/96", "[2002::]/16", "*.google.internal", "*.ec2.internal", "*.azure.internal", "*.tencentyun.com", "*.platformequinix.com", "*.packet.net",
    ];

    private static readonly IReadOnlyList<JsonElement> Rows = AttackRows.Read("hosts.json");

    [Fact]
    public void TryParse_EachRow_ReadsAsTheTableSays()
    {
        foreach (var row in Rows)
        {
            var isRead = HostName.TryParse(AttackRows.Text(row, "host"), out var host);

            Assert.True(row.GetProperty("reads_as").ValueKind == JsonValueKind.String == isRead, $"{row}");
            if (isRead)
            {
                Assert.Equal(AttackRows.Text(row, "reads_as"), host?.ToString());
                Assert.True(row.GetProperty("guarded").GetBoolean() == GuardedHosts.Contains(host ?? default), $"{row}");
                Assert.Equal(GuardedHosts.Contains(host ?? default), GuardedHosts.Contains(host?.Name ?? ""));
            }
        }
    }

    [Fact]
    public void AllowsHost_GuardedRow_IsGrantedByItselfAlone()
    {
        var wide = Samples.Scope([.. Wide.Select(static pattern => "egress:" + pattern)]);
        foreach (var (host, name) in Guarded())
        {
            Assert.False(wide.AllowsHost(host), name);
            Assert.True(Samples.Scope("egress:" + host.Name, "egress:*").AllowsHost(host), name);
            Assert.DoesNotContain(Wide, pattern => Samples.Pattern(pattern).Matches(host));
        }
    }

    [Fact]
    public void Covers_GuardedRow_IsInsideItselfAlone()
    {
        var wide = Samples.Scope([.. Wide.Select(static pattern => "egress:" + pattern)]);
        foreach (var (host, name) in Guarded())
        {
            var itself = Samples.Pattern(host.Name);

            Assert.True(itself.IsGuarded, name);
            Assert.False(wide.Covers(itself), name);
            Assert.True(Samples.Scope("egress:" + host.Name).Covers(itself), name);
            Assert.True(Samples.Scope("egress:" + host.Name, "egress:*").Covers(Samples.Pattern("*")), name);
        }
    }

    [Theory]
    [InlineData("""{"policy_version":"1","policy_id":"p","issuer_did":"did:web:a","egress_allowlist":["*","0.0.0.0/0","[::]/0","*.google.internal"]}""", false)]
    [InlineData("""{"policy_version":"1","policy_id":"p","issuer_did":"did:web:a","egress_allowlist":["HOST"]}""", true)]
    [InlineData("""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{"sid":"a","effect":"Allow","actions":["*"],"resources":["*","**","*.google.internal"]}]}""", false)]
    [InlineData("""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{"sid":"a","effect":"Allow","actions":["side_effect:*"],"resources":["*"],"conditions":{"StringLike":{"SideEffect:TargetDomain":"*"}}}]}""", false)]
    [InlineData("""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{"sid":"a","effect":"Allow","actions":["*"],"resources":["*","HOST"]}]}""", true)]
    [InlineData("""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{"sid":"a","effect":"Allow","actions":["*"],"resources":["HOST"]},{"sid":"d","effect":"Deny","actions":["*"],"resources":["*"]}]}""", false)]
    public void Evaluate_GuardedRow_IsAllowedWhereAPolicyNamesIt(string policy, bool isAllowed)
    {
        foreach (var (host, name) in Guarded())
        {
            var loaded = WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(policy.Replace("HOST", host.Name, StringComparison.Ordinal)));
            var chain = PolicyChain.Resolve(loaded.Value, static _ => null).Value;

            Assert.True(isAllowed == chain.Evaluate(new PolicyQuestion { Host = host }).IsAllowed, name);
        }
    }

    private static IEnumerable<(HostName Host, string Name)> Guarded() => Rows.Where(static row => row.GetProperty("guarded").GetBoolean())
        .Select(static row => (Samples.Host(AttackRows.Text(row, "host")), AttackRows.Text(row, "why")));
}
