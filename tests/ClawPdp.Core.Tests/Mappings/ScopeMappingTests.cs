using ClawPdp.Core.Mappings;

namespace ClawPdp.Core.Tests.Mappings;

public sealed class ScopeMappingTests
{
    private const string PinA = "d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw";
    private const string PinB = "RFiFTyqo6cCfAHxU8rdMoNqtP5gH5B8pTvaHeaNo5Ds";
    private const string Agent = "did:key:zAgent";

    private const string Documented = """
        { "scope_mappings": [ { "okta_group": "platform-engineers",
            "cst_claims": { "allowed_tools": ["github", "argo-cd", "terraform"],
                            "allowed_models": ["claude-sonnet-4-20250514", "gpt-4o"],
                            "egress_allowlist": ["api.github.com", "*.atlassian.net"],
                            "max_ttl_seconds": 3600 } },
          { "group": "security-analysts",
            "cst_claims": { "allowed_tools": ["splunk"], "max_ttl_seconds": 1800 }, "scopes": ["proxy:call"] } ],
          "policy_pin": { "policy_hash_b64u": "d_isWkhbyvM2ZNdZfzaf03JimF9MYGoeMlsfOL2_6nw", "policy_version": "deploy-approval-v3" } }
        """;

    [Fact]
    public void Resolve_OneGroup_GrantsItsListsAndPin()
    {
        var grant = Resolve(Documented, ["platform-engineers", "everyone"]).Grant;

        Assert.NotNull(grant);
        Assert.Equal(["argo-cd", "github", "terraform"], grant.Scope.Tools);
        Assert.Equal((3600, PinA, "deploy-approval-v3"), (grant.LifetimeMaxSeconds, grant.Pin?.PolicyHash, grant.Pin?.PolicyVersion));
    }

    [Fact]
    public void Resolve_TwoGroups_UnitesListsAndTakesTheSmallestLifetime()
    {
        var grant = Resolve(Documented, ["security-analysts", "platform-engineers", "security-analysts"]).Grant;

        Assert.NotNull(grant);
        Assert.Equal(["platform-engineers", "security-analysts"], grant.MatchedGroups);
        Assert.Contains("splunk", grant.Scope.Tools);
        Assert.Contains("github", grant.Scope.Tools);
        Assert.Equal(["proxy:call"], grant.Scope.PlainScopes);
        Assert.Equal(1800, grant.LifetimeMaxSeconds);
    }

    [Fact]
    public void Resolve_NoMappedGroup_Refuses()
    {
        Assert.Equal(GrantFailure.GroupNotMapped, Resolve(Documented, []).Failure);
        Assert.Equal(GrantFailure.GroupNotMapped, Resolve(Documented, ["Platform-Engineers"]).Failure);
        Assert.Equal(GrantFailure.GroupNotHeld, Resolve(Documented, ["platform-engineers"], "security-analysts").Failure);
    }

    [Fact]
    public void Resolve_DifferentPins_ConflictUnlessOneGroupIsNamed()
    {
        var text = Documented.Replace("\"scopes\": [\"proxy:call\"]", $"\"policy_pin\": {{ \"policy_hash_b64u\": \"{PinB}\" }}", StringComparison.Ordinal);

        Assert.Equal(GrantFailure.PolicyPinConflict, Resolve(text, ["platform-engineers", "security-analysts"]).Failure);
        Assert.Equal(PinB, Resolve(text, ["platform-engineers", "security-analysts"], "security-analysts").Grant?.Pin?.PolicyHash);
    }

    [Fact]
    public void Resolve_AgentsAndAudiences_BoundTheirGroupAlone()
    {
        var text = Documented.Replace("\"scopes\": [\"proxy:call\"]", "\"agents\": [\"did:key:zOther\"], \"audiences\": [\"b\"]", StringComparison.Ordinal);

        Assert.Equal(["platform-engineers"], Resolve(text, ["platform-engineers", "security-analysts"]).Grant?.MatchedGroups);
        Assert.Equal(GrantFailure.AgentNotAllowed, Resolve(text, ["security-analysts"]).Failure);
    }

    [Theory]
    [InlineData("\"okta_group\": \"platform-engineers\",", "", "/scope_mappings/0", 1)]
    [InlineData("\"group\": \"security-analysts\"", "\"group\": \"platform-engineers\"", "/scope_mappings/1/group", 6)]
    [InlineData("\"github\"", "\"*\"", "/scope_mappings/0/cst_claims/allowed_tools/0", 2)]
    [InlineData("\"gpt-4o\"", "\"*\"", "/scope_mappings/0/cst_claims/allowed_models/1", 3)]
    [InlineData("\"*.atlassian.net\"", "\"*.net\"", "/scope_mappings/0/cst_claims/egress_allowlist/1", 4)]
    [InlineData("3600", "0", "/scope_mappings/0/cst_claims/max_ttl_seconds", 5)]
    [InlineData("[\"splunk\"]", "[]", "/scope_mappings/1/cst_claims/allowed_tools", 7)]
    [InlineData("proxy:call", "control:token:revoke", "/scope_mappings/1/scopes/0", 7)]
    [InlineData("proxy:call", "tool:github", "/scope_mappings/1/scopes/0", 7)]
    [InlineData("OL2_6nw", "OL2_6nx", "/policy_pin/policy_hash_b64u", 8)]
    [InlineData("\"policy_pin\"", "\"policy_pins\"", "/policy_pins", 8)]
    public void Load_OneFault_NamesPlaceAndLine(string from, string to, string pointer, int line)
    {
        var loaded = ScopeMappingLoader.Load(System.Text.Encoding.UTF8.GetBytes(Documented.Replace(from, to, StringComparison.Ordinal)), new ScopeMappingOptions());

        Assert.Contains(loaded.Faults, fault => fault.Pointer == pointer && fault.Line == line);
    }

    [Theory]
    [InlineData("github", null, GrantFailure.None)]
    [InlineData("github/create_issue", null, GrantFailure.ScopeNotAllowed)]
    [InlineData("*", null, GrantFailure.ScopeNotAllowed)]
    [InlineData("gitlab", null, GrantFailure.ScopeNotAllowed)]
    [InlineData(null, "acme.atlassian.net", GrantFailure.None)]
    [InlineData(null, "*.eu.atlassian.net:443", GrantFailure.None)]
    [InlineData(null, "atlassian.net", GrantFailure.ScopeNotAllowed)]
    [InlineData(null, "*.net", GrantFailure.ScopeNotAllowed)]
    public void Narrow_Item_MustLieInsideTheGrant(string? tool, string? host, GrantFailure expected)
    {
        var narrowed = Resolve(Documented, ["platform-engineers"]).Grant?.Narrow(new ScopeRequest
        {
            Tools = tool is null ? [] : [tool],
            Egress = host is null ? [] : [host],
            Models = [],
        });

        Assert.Equal(expected, narrowed?.Failure);
        Assert.Equal(expected == GrantFailure.None ? "" : tool ?? host, narrowed?.OffendingItem);
    }

    [Fact]
    public void Narrow_NothingLeft_Refuses() => Assert.Equal(
        GrantFailure.ScopeEmpty,
        Resolve(Documented, ["platform-engineers"]).Grant?.Narrow(new ScopeRequest { Tools = [], Models = [], Egress = [], Scopes = [] }).Failure);

    private static GrantResult Resolve(string text, string[] groups, string? actAs = null) =>
        ScopeMappingLoader.Load(System.Text.Encoding.UTF8.GetBytes(text), new ScopeMappingOptions()).Value.Resolve(groups, actAs, Agent, ["a"]);
}
