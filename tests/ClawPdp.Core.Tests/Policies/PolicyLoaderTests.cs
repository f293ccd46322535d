using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Every rule for policies of version 2: one text that keeps them all, and one thing wrong with it at a time.</summary>
public sealed class PolicyLoaderTests
{
    private const string Good = """
        {
          "policy_version": "2",
          "policy_id": "pol",
          "issuer_did": "did:web:a",
          "inherits": "RFiFTyqo6cCfAHxU8rdMoNqtP5gH5B8pTvaHeaNo5Ds",
          "coverage_enforcement": "enforce",
          "witnessed_web_policy": {"mode": "warn",
            "quorum": {"m": 1, "n": 2},
            "transparency": {"mode": "optional", "required_after": "2026-01-01T00:00:00Z"}},
          "statements": [
            {"sid": "S1", "effect": "Allow",
              "actions": ["tool:execute", "model:*"],
              "resources": ["github/**"],
              "conditions": {
                "StringEquals": {"Agent:DID": "did:key:z",
                  "SideEffect:TargetDomain": "api.example.com",
                  "Context:Hour": "9",
                  "Request:HasHumanApproval": "true"},
                "StringNotEquals": {"Caller:empty": ""},
                "StringLike": {"SideEffect:TargetDomain": "*.example.com"},
                "StringNotLike": {"SideEffect:TargetDomain": "*.zip"},
                "NumericEquals": {"Caller:cost": "-1.5"},
                "NumericLessThan": {"Context:Hour": "18"},
                "NumericGreaterThan": {"SideEffect:TargetPort": "1023"},
                "Bool": {"Caller:urgent": "TRUE"},
                "IpAddress": {"SideEffect:TargetDomain": "10.1.2.3/8"}}},
            {"sid": "S2", "effect": "Deny",
              "actions": ["side_effect:network_egress"],
              "resources": ["*.zip", "10.0.0.1", "*"]},
            {"sid": "S3", "effect": "Allow",
              "actions": ["side_effect:network_*"],
              "resources": ["*.a.org", "b.org"]}
          ],
          "metadata": {"any": [null, 1]}
        }
        """;

    [Fact]
    public void Load_EveryMember_IsValid()
    {
        var policy = Assert.IsType<WpcV2>(Read(Good).Value);

        Assert.Equal(("2", "pol", "did:web:a", "RFiFTyqo6cCfAHxU8rdMoNqtP5gH5B8pTvaHeaNo5Ds"), (policy.FormatVersion, policy.PolicyId, policy.IssuerDid, policy.Inherits));
        Assert.Equal(["S1", "S2", "S3"], policy.Statements.Select(static statement => statement.Sid));
        Assert.Equal([12, 0, 0], policy.Statements.Select(static statement => statement.Conditions.Length));
        Assert.Equal([PolicyAction.ToolExecute, PolicyAction.ModelInvoke], policy.Statements[0].MatchedActions);
    }

    [Fact]
    public void Load_WorkedPolicy_HasTheWorkedHash() =>
        Assert.Equal("RFiFTyqo6cCfAHxU8rdMoNqtP5gH5B8pTvaHeaNo5Ds", WpcLoader.Load(TestData.Vector("wpc_v2.json")).Value.PolicyHash);

    [Theory]
    [InlineData("\"policy_version\": \"2\",", "", "", 1, "`policy_version` is missing")]
    [InlineData("\"policy_id\": \"pol\",", "", "", 1, "`policy_id` is missing")]
    [InlineData("\"policy_id\": \"pol\"", "\"policy_id\": \" \"", "/policy_id", 3, "blank")]
    [InlineData("\"policy_id\": \"pol\"", "\"policy_id\": 1", "/policy_id", 3, "a string is expected")]
    [InlineData("\"issuer_did\": \"did:web:a\",", "", "", 1, "`issuer_did` is missing")]
    [InlineData("did:web:a", "web:a", "/issuer_did", 4, "a DID is expected")]
    [InlineData("did:web:a", "DID:web:a", "/issuer_did", 4, "a DID is expected")]
    [InlineData("\"inherits\": \"RFi", "\"inherits\": \"pol_", "/inherits", 5, "the hash of a policy is expected")]
    [InlineData("HeaNo5Ds", "HeaNo5Dt", "/inherits", 5, "the hash of a policy is expected")]
    [InlineData("\"enforce\",", "\"Enforce\",", "/coverage_enforcement", 6, "unknown value")]
    [InlineData("{\"mode\": \"warn\",", "{\"mode\": \"observe\",", "/witnessed_web_policy/mode", 7, "unknown value")]
    [InlineData("{\"mode\": \"warn\",", "{\"Mode\": \"warn\",", "/witnessed_web_policy/Mode", 7, "unknown member `Mode`")]
    [InlineData("{\"m\": 1, ", "{", "/witnessed_web_policy/quorum", 8, "`m` is missing")]
    [InlineData("\"n\": 2}", "\"n\": 0}", "/witnessed_web_policy/quorum/n", 8, "from 1")]
    [InlineData("\"m\": 1,", "\"m\": 1.5,", "/witnessed_web_policy/quorum/m", 8, "a whole number is expected")]
    [InlineData("\"m\": 1,", "\"m\": 3,", "/witnessed_web_policy/quorum", 8, "`m` is the greater")]
    [InlineData("\"n\": 2}", "\"n\": 2, \"k\": 1}", "/witnessed_web_policy/quorum/k", 8, "unknown member")]
    [InlineData("\"optional\"", "\"observe\"", "/witnessed_web_policy/transparency/mode", 9, "unknown value")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01", "/witnessed_web_policy/transparency/required_after", 9, "a date-time is expected")]
    [InlineData("\"required_after\"", "\"after\"", "/witnessed_web_policy/transparency/after", 9, "unknown member")]
    [InlineData("\"metadata\": {\"any\": [null, 1]}", "\"metadata\": []", "/metadata", 34, "an object is expected")]
    [InlineData("\"metadata\"", "\"meta\"", "/meta", 34, "unknown member `meta`")]
    public void Load_OneFaultAbove_NamesIt(string find, string replacement, string pointer, int line, string message) =>
        AssertOneFault(find, replacement, pointer, line, message);

    [Theory]
    [InlineData("\"sid\": \"S2\", ", "", "/statements/1", 27, "`sid` is missing")]
    [InlineData("\"S2\"", "\"\"", "/statements/1/sid", 27, "0 characters")]
    [InlineData("\"S2\"", "\"S1\"", "/statements/1/sid", 27, "stands twice")]
    [InlineData("\"Deny\"", "\"deny\"", "/statements/1/effect", 27, "unknown value")]
    [InlineData(", \"effect\": \"Deny\"", "", "/statements/1", 27, "`effect` is missing")]
    [InlineData("\"Deny\",", "\"Deny\", \"note\": 1,", "/statements/1/note", 27, "unknown member `note`")]
    [InlineData("\"model:*\"", "\"modle:*\"", "/statements/0/actions/1", 12, "no action is called that")]
    [InlineData("\"tool:execute\"", "\"tool:Execute\"", "/statements/0/actions/0", 12, "no action is called that")]
    [InlineData("[\"tool:execute\", \"model:*\"]", "\"*\"", "/statements/0/actions", 12, "an array is expected")]
    [InlineData("\"github/**\"", "1", "/statements/0/resources/0", 13, "a string is expected")]
    [InlineData("[\"github/**\"]", "[]", "/statements/0/resources", 13, "0 elements")]
    [InlineData("\"b.org\"", "\"B.org\"", "/statements/2/resources/1", 32, "not in normal form")]
    [InlineData("\"b.org\"", "\"b.org.\"", "/statements/2/resources/1", 32, "not in normal form")]
    [InlineData("\"b.org\"", "\"[::ffff:10.0.0.1]\"", "/statements/2/resources/1", 32, "not in normal form")]
    [InlineData("\"b.org\"", "\"b.org:443\"", "/statements/2/resources/1", 32, "without its port")]
    [InlineData("\"b.org\"", "\"10.0.0.0/8\"", "/statements/2/resources/1", 32, "a block of addresses")]
    [InlineData("\"b.org\"", "\"b*.org\"", "/statements/2/resources/1", 32, "not a host pattern")]
    [InlineData("\"b.org\"", "\"b?.org\"", "/statements/2/resources/1", 32, "not a host pattern")]
    [InlineData("\"b.org\"", "\"**.org\"", "/statements/2/resources/1", 32, "not a host pattern")]
    [InlineData("\"b.org\"", "\"*.org\"", "/statements/2/resources/1", 32, "top-level")]
    [InlineData("\"*.zip\", \"10", "\"*.ZIP\", \"10", "/statements/1/resources/0", 29, "top-level")]
    [InlineData("\"*.zip\", \"10", "\"*.zip:80\", \"10", "/statements/1/resources/0", 29, "top-level")]
    [InlineData("\"*.zip\", \"10", "\"*.10.0.0.1\", \"10", "/statements/1/resources/0", 29, "not a host name")]
    public void Load_OneFaultInAStatement_NamesIt(string find, string replacement, string pointer, int line, string message) =>
        AssertOneFault(find, replacement, pointer, line, message);

    [Theory]
    [InlineData("{\"Agent:DID\": \"did:key:z\"", "{\"Agent:Did\": \"did:key:z\"", "StringEquals/Agent:Did", 15, "no such key")]
    [InlineData("{\"Agent:DID\": \"did:key:z\"", "{\"Caller:\": \"did:key:z\"", "StringEquals/Caller:", 15, "no such key")]
    [InlineData("{\"Agent:DID\": \"did:key:z\"", "{\"Caller:a b\": \"did:key:z\"", "StringEquals/Caller:a b", 15, "no such key")]
    [InlineData("{\"Agent:DID\": \"did:key:z\"", "{\"caller:a\": \"did:key:z\"", "StringEquals/caller:a", 15, "no such key")]
    [InlineData("\"did:key:z\"", "[\"did:key:z\"]", "StringEquals/Agent:DID", 15, "a string is expected")]
    [InlineData("\"api.example.com\"", "\"*.example.com\"", "StringEquals/SideEffect:TargetDomain", 16, "no host has a star")]
    [InlineData("\"api.example.com\"", "\"API.example.com\"", "StringEquals/SideEffect:TargetDomain", 16, "not in normal form")]
    [InlineData("\"api.example.com\"", "\"\"", "StringEquals/SideEffect:TargetDomain", 16, "not a host pattern")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:Hour\": \"24\"", "StringEquals/Context:Hour", 17, "from 0 to 23")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:Hour\": \"09\"", "StringEquals/Context:Hour", 17, "not a number")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:Hour\": \"9.0\"", "StringEquals/Context:Hour", 17, "without sign and point")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:Hour\": \"-0\"", "StringEquals/Context:Hour", 17, "without sign and point")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:DayOfWeek\": \"7\"", "StringEquals/Context:DayOfWeek", 17, "from 0 to 6")]
    [InlineData("\"Context:Hour\": \"9\"", "\"Context:DayOfWeek\": \"-1\"", "StringEquals/Context:DayOfWeek", 17, "from 0 to 6")]
    [InlineData("HasHumanApproval\": \"true\"", "HasHumanApproval\": \"True\"", "StringEquals/Request:HasHumanApproval", 18, "`true` or `false`")]
    [InlineData("\"StringLike\": {\"SideEffect:TargetDomain\"", "\"StringLike\": {\"Context:Hour\"", "StringLike/Context:Hour", 20, "cannot be evaluated")]
    [InlineData("\"StringLike\": {\"SideEffect:TargetDomain\"", "\"StringLike\": {\"Request:HasHumanApproval\"", "StringLike/Request:HasHumanApproval", 20, "cannot be evaluated")]
    [InlineData("\"StringLike\": {\"SideEffect:TargetDomain\": \"*.example.com\"", "\"StringLike\": {\"SideEffect:TargetDomain\": \"*.zip\"", "StringLike/SideEffect:TargetDomain", 20, "top-level")]
    [InlineData("\"StringNotLike\": {\"SideEffect:TargetDomain\": \"*.zip\"", "\"StringNotLike\": {\"SideEffect:TargetDomain\": \"*zip\"", "StringNotLike/SideEffect:TargetDomain", 21, "not a host pattern")]
    [InlineData("\"-1.5\"", "\"1e3\"", "NumericEquals/Caller:cost", 22, "not a number")]
    [InlineData("\"NumericLessThan\": {\"Context:Hour\": \"18\"", "\"NumericLessThan\": {\"Context:Hour\": \"9.5\"", "NumericLessThan/Context:Hour", 23, "a whole number from 0 to 23")]
    [InlineData("\"NumericLessThan\": {\"Context:Hour\"", "\"NumericLessThan\": {\"Tool:Name\"", "NumericLessThan/Tool:Name", 23, "cannot be evaluated")]
    [InlineData("\"1023\"", "\"65536\"", "NumericGreaterThan/SideEffect:TargetPort", 24, "from 0 to 65535")]
    [InlineData("\"TRUE\"", "\"yes\"", "Bool/Caller:urgent", 25, "`true` or `false`")]
    [InlineData("{\"Caller:urgent\"", "{\"Model:Name\"", "Bool/Model:Name", 25, "cannot be evaluated")]
    [InlineData("\"10.1.2.3/8\"", "\"10.1.2.3/33\"", "IpAddress/SideEffect:TargetDomain", 26, "not an address")]
    [InlineData("\"10.1.2.3/8\"", "\"::ffff:10.0.0.0/104\"", "IpAddress/SideEffect:TargetDomain", 26, "not an address")]
    [InlineData("\"IpAddress\": {\"SideEffect:TargetDomain\"", "\"IpAddress\": {\"Receipt:GatewayDid\"", "IpAddress/Receipt:GatewayDid", 26, "cannot be evaluated")]
    [InlineData("\"Bool\": {", "\"Boolean\": {", "Boolean", 25, "unknown member `Boolean`")]
    [InlineData("{\"Caller:urgent\": \"TRUE\"}", "[]", "Bool", 25, "an object of keys")]
    public void Load_OneFaultInACondition_NamesIt(string find, string replacement, string pointer, int line, string message) =>
        AssertOneFault(find, replacement, "/statements/0/conditions/" + pointer, line, message);

    [Fact]
    public void Load_FaultsEverywhere_ReportsAllInTheOrderOfReading()
    {
        var text = """
            {"policy_version": "2", "note": 1, "policy_id": "", "issuer_did": "x", "inherits": "x",
             "statements": [
              {"sid": "A", "effect": "Permit", "actions": ["tool"], "resources": [""], "conditions": {"StringIs": {}, "Bool": {"K": "true", "Caller:a": "maybe"}}},
              {"sid": "A"}],
             "metadata": 1}
            """;

        Assert.Equal(
            [
                ("/note", 1), ("/policy_id", 1), ("/issuer_did", 1), ("/inherits", 1), ("/statements/0/effect", 3), ("/statements/0/actions/0", 3),
                ("/statements/0/resources/0", 3), ("/statements/0/conditions/StringIs", 3), ("/statements/0/conditions/Bool/K", 3),
                ("/statements/0/conditions/Bool/Caller:a", 3), ("/statements/1", 4), ("/statements/1", 4), ("/statements/1", 4), ("/statements/1/sid", 4), ("/metadata", 5),
            ],
            Read(text).Faults.Select(static fault => (fault.Pointer, fault.Line ?? 0)));
    }

    [Fact]
    public void Load_UnknownVersion_NamesTheVersionAlone()
    {
        var fault = Assert.Single(Faults("\"policy_version\": \"2\"", "\"policy_version\": \"3\""));

        Assert.Equal(("/policy_version", 2, "one of 1, 2"), (fault.Pointer, fault.Line, fault.Hint));
    }

    private static Result<WorkPolicyContract> Read(string text) => WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(text));

    private static ImmutableArray<Fault> Faults(string find, string replacement)
    {
        Assert.Equal(2, Good.Split(find).Length);
        return Read(Good.Replace(find, replacement, StringComparison.Ordinal)).Faults;
    }

    private static void AssertOneFault(string find, string replacement, string pointer, int line, string message)
    {
        var fault = Assert.Single(Faults(find, replacement));

        Assert.Equal((pointer, line), (fault.Pointer, fault.Line));
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
