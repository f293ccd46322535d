using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tests.Grammar;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Each operator on values that hold, that do not, and that it cannot work with.</summary>
public sealed class PolicyConditionTests
{
    [Theory]
    [InlineData("StringEquals", "a", "a", ConditionOutcome.True)]
    [InlineData("StringEquals", "a", "A", ConditionOutcome.False)]
    [InlineData("StringEquals", "", "", ConditionOutcome.True)]
    [InlineData("StringEquals", "a", null, ConditionOutcome.Unresolvable)]
    [InlineData("StringNotEquals", "a", "A", ConditionOutcome.True)]
    [InlineData("StringNotEquals", "a", "a", ConditionOutcome.False)]
    [InlineData("StringNotEquals", "a", null, ConditionOutcome.Unresolvable)]
    [InlineData("StringLike", "a*", "ab", ConditionOutcome.True)]
    [InlineData("StringLike", "a*", "a/b", ConditionOutcome.False)]
    [InlineData("StringLike", "*", null, ConditionOutcome.Unresolvable)]
    [InlineData("StringNotLike", "a*", "a/b", ConditionOutcome.True)]
    [InlineData("StringNotLike", "a*", "ab", ConditionOutcome.False)]
    [InlineData("StringNotLike", "a*", null, ConditionOutcome.Unresolvable)]
    [InlineData("NumericEquals", "1.5", "1.50", ConditionOutcome.True)]
    [InlineData("NumericEquals", "0", "-0", ConditionOutcome.True)]
    [InlineData("NumericEquals", "1", "1.000000001", ConditionOutcome.False)]
    [InlineData("NumericEquals", "1", "0.999999999", ConditionOutcome.False)]
    [InlineData("NumericEquals", "1", "1e0", ConditionOutcome.Unresolvable)]
    [InlineData("NumericLessThan", "10", "9", ConditionOutcome.True)]
    [InlineData("NumericLessThan", "10", "10", ConditionOutcome.False)]
    [InlineData("NumericLessThan", "10", "11", ConditionOutcome.False)]
    [InlineData("NumericLessThan", "10", "", ConditionOutcome.Unresolvable)]
    [InlineData("NumericGreaterThan", "-10", "-9", ConditionOutcome.True)]
    [InlineData("NumericGreaterThan", "-10", "-10", ConditionOutcome.False)]
    [InlineData("NumericGreaterThan", "-10", "-11", ConditionOutcome.False)]
    [InlineData("NumericGreaterThan", "-10", "Infinity", ConditionOutcome.Unresolvable)]
    [InlineData("NumericGreaterThan", "-10", null, ConditionOutcome.Unresolvable)]
    [InlineData("Bool", "true", "TRUE", ConditionOutcome.True)]
    [InlineData("Bool", "False", "false", ConditionOutcome.True)]
    [InlineData("Bool", "true", "fAlse", ConditionOutcome.False)]
    [InlineData("Bool", "false", "true", ConditionOutcome.False)]
    [InlineData("Bool", "false", "no", ConditionOutcome.Unresolvable)]
    [InlineData("Bool", "false", "fal\u017Fe", ConditionOutcome.Unresolvable)]
    [InlineData("Bool", "false", null, ConditionOutcome.Unresolvable)]
    [InlineData("IpAddress", "10.1.2.3/8", "10.255.0.0", ConditionOutcome.True)]
    [InlineData("IpAddress", "10.0.0.0/8", "11.0.0.0", ConditionOutcome.False)]
    [InlineData("IpAddress", "10.0.0.0/8", "::ffff:10.0.0.1", ConditionOutcome.True)]
    [InlineData("IpAddress", "10.0.0.0/8", "::10.0.0.1", ConditionOutcome.False)]
    [InlineData("IpAddress", "0.0.0.0/0", "::1", ConditionOutcome.False)]
    [InlineData("IpAddress", "::/0", "1.2.3.4", ConditionOutcome.False)]
    [InlineData("IpAddress", "::/0", "[::1]", ConditionOutcome.True)]
    [InlineData("IpAddress", "10.0.0.0/31", "10.0.0.1", ConditionOutcome.True)]
    [InlineData("IpAddress", "10.0.0.0/31", "10.0.0.2", ConditionOutcome.False)]
    [InlineData("IpAddress", "10.0.0.1", "10.0.0.1", ConditionOutcome.True)]
    [InlineData("IpAddress", "10.0.0.1", "10.0.0.0", ConditionOutcome.False)]
    [InlineData("IpAddress", "10.0.0.1/32", "10.0.0.0", ConditionOutcome.False)]
    [InlineData("IpAddress", "2001:db8::1/127", "2001:db8::", ConditionOutcome.True)]
    [InlineData("IpAddress", "2001:db8::1/127", "2001:db8::2", ConditionOutcome.False)]
    [InlineData("IpAddress", "2001:db8::1", "2001:db8::2", ConditionOutcome.False)]
    [InlineData("IpAddress", "8000::/1", "7fff::", ConditionOutcome.False)]
    [InlineData("IpAddress", "8000::/1", "ffff::", ConditionOutcome.True)]
    [InlineData("IpAddress", "0.0.0.0/0", "localhost", ConditionOutcome.Unresolvable)]
    [InlineData("IpAddress", "0.0.0.0/0", "1.2.3.4/32", ConditionOutcome.Unresolvable)]
    [InlineData("IpAddress", "0.0.0.0/0", null, ConditionOutcome.Unresolvable)]
    public void Evaluate_Value_GivesOneOfThreeOutcomes(string operation, string expected, string? actual, ConditionOutcome outcome)
    {
        var condition = Condition(operation, "Caller:a", expected);

        Assert.Equal(outcome, condition.Evaluate(actual));
        Assert.Equal(outcome, condition.Evaluate(new PolicyQuestion { Stated = actual is null ? null : new Dictionary<string, string> { ["Caller:a"] = actual } }));
    }

    [Theory]
    [InlineData("Agent:DID", "did:a", false)]
    [InlineData("Tool:Name", "t", false)]
    [InlineData("Model:Name", "m", false)]
    [InlineData("Model:Provider", "openai", false)]
    [InlineData("SideEffect:TargetDomain", "a.b", false)]
    [InlineData("SideEffect:TargetPort", "81", false)]
    [InlineData("Context:Hour", "23", false)]
    [InlineData("Context:DayOfWeek", "0", false)]
    [InlineData("Request:HasHumanApproval", "true", false)]
    [InlineData("Receipt:ProofTier", "gateway", true)]
    [InlineData("Receipt:GatewayDid", "did:g", true)]
    [InlineData("Caller:x", "1", true)]
    public void Find_EveryKey_GivesItsValue(string name, string value, bool isStated)
    {
        Assert.True(ContextKey.TryParse(name, out var key));
        var stated = new Dictionary<string, string>
        {
            ["Receipt:ProofTier"] = "gateway",
            ["Receipt:GatewayDid"] = "did:g",
            ["Caller:x"] = "1",
            ["Agent:DID"] = "stated",
            ["Request:HasHumanApproval"] = "false",
        };
        var question = new PolicyQuestion
        {
            Tool = Samples.Tool("t"),
            Model = Samples.Model("m"),
            Provider = "openai",
            Host = Samples.Host("a.b:81"),
            AgentDid = "did:a",
            HasHumanApproval = true,
            Stated = stated,
            At = new DateTimeOffset(2026, 1, 5, 4, 30, 0, TimeSpan.FromHours(5)),
        };

        Assert.Equal((value, isStated, name), (key.Find(question), key.IsStated, key.ToString()));
        Assert.Equal(name is "Context:Hour" or "Context:DayOfWeek", key.IsOfTime);
        Assert.Equal(name is "Request:HasHumanApproval", key.IsOfApproval);

        // The default instant is a Monday's midnight.
        Assert.Equal(name switch { "Context:Hour" => "0", "Context:DayOfWeek" => "1", "Request:HasHumanApproval" => "false", _ => null }, key.Find(default));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9")]
    [InlineData("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("10.0.0.0/31", "10.0.0.0", "10.0.0.1")]
    [InlineData("[2001:db8::]/127", "[2001:db8::]", "[2001:db8::1]")]
    [InlineData("[::]/0", "[::]/1", "[8000::]/1")]
    public void Halves_Network_AreTheTwoBelow(string whole, string lower, string upper)
    {
        Assert.True(IpNetwork.TryParse(whole, out var network));

        Assert.Equal((whole, lower, upper), (network.ToString(), network.Halves.Lower.ToString(), network.Halves.Upper.ToString()));
        Assert.True(network.Contains(network.Halves.Upper));
        Assert.False(network.Halves.Upper.Contains(network));
        Assert.False(network.Halves.Lower.Contains(network.Halves.Upper));
        Assert.Equal((false, !lower.Contains('/', StringComparison.Ordinal)), (network.IsSingle, network.Halves.Lower.IsSingle));
    }

    [Theory]
    [InlineData("::", "[::]")]
    [InlineData("::1", "[::1]")]
    [InlineData("1::", "[1::]")]
    [InlineData("1:2:3:4:5:6:7:8", "[1:2:3:4:5:6:7:8]")]
    [InlineData("1:2:3:4:5:6:7::", "[1:2:3:4:5:6:7:0]")]
    [InlineData("1::8", "[1::8]")]
    [InlineData("1:0:0:4:0:0:0:8", "[1:0:0:4::8]")]
    [InlineData("1:0:0:4:5:0:0:8", "[1::4:5:0:0:8]")]
    [InlineData("1:0:3:4:5:6:7:8", "[1:0:3:4:5:6:7:8]")]
    [InlineData("00AB::F", "[ab::f]")]
    [InlineData("::ffff:1.2.3.4", "1.2.3.4")]
    [InlineData("::ffff:0102:0304", "1.2.3.4")]
    [InlineData("::fffe:1.2.3.4", "[::fffe:102:304]")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "[1:2:3:4:5:6:102:304]")]
    [InlineData("0000:0000:0000:0000:0000:ffff:255.255.255.255", "255.255.255.255")]
    [InlineData("1:2:3:4:5:6:7", null)]
    [InlineData("1:2:3:4:5:6:7:8:9", null)]
    [InlineData("1:2:3:4:5:6:7:8::", null)]
    [InlineData("1:2:3:4::5:6:7:8", null)]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", null)]
    [InlineData("1.2.3.4::", null)]
    [InlineData("1.2.3.4:1:2:3:4:5:6", null)]
    [InlineData("::1::", null)]
    [InlineData(":::", null)]
    [InlineData(":", null)]
    [InlineData("", null)]
    [InlineData("1:", null)]
    [InlineData(":1", null)]
    [InlineData("::12345", null)]
    [InlineData("::g", null)]
    [InlineData("::+1", null)]
    [InlineData("::1\0", null)]
    [InlineData("::1%1", null)]
    public void TryParseV6_Text_IsReadInOneWay(string text, string? normal) =>
        Assert.Equal(normal, IpAddress.TryParseV6(text, out var address) ? address.ToString() : null);

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("1.2.3", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData("1.2.3.256", false)]
    [InlineData("1.2.3.04", false)]
    [InlineData("1.2.3.", false)]
    [InlineData(".1.2.3", false)]
    [InlineData("1.2.3.-4", false)]
    [InlineData("1.2.3.4\0", false)]
    [InlineData("1.2.3.0004", false)]
    [InlineData("", false)]
    public void TryParseV4_Text_IsReadInOneWay(string text, bool isRead) =>
        Assert.Equal(isRead ? text : null, IpAddress.TryParseV4(text, out var address) ? address.ToString() : null);

    private static PolicyCondition Condition(string operation, string key, string expected)
    {
        var text = $$$"""{"policies":[{"policy_version":"2","policy_id":"p","issuer_did":"did:a","statements":[{"sid":"S","effect":"Allow","actions":["*"],"resources":["*"],"conditions":{"{{{operation}}}":{"{{{key}}}":"{{{expected}}}"} } }]}],"question":{"at":"2026-01-01T00:00:00Z"} }""";
        return PolicyCase.Read(text).Chain.Policy.Statements[0].Conditions[0];
    }
}
