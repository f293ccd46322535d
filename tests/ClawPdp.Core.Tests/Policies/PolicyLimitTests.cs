using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>Every limit of policies: the last size that is taken and the first that is refused.</summary>
public sealed class PolicyLimitTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Load_PolicyIdOfLength_IsTakenUpToItsLimit(int length, bool isTaken) => Check(Policy(Statement(), id: Letters(length)), isTaken, "/policy_id");

    [Theory]
    [InlineData(0, true)]
    [InlineData(252, true)]
    [InlineData(253, false)]
    public void Load_IssuerOfLength_IsTakenUpToItsLimit(int length, bool isTaken) => Check(Policy(Statement(), issuer: "did:" + Letters(length)), isTaken, "/issuer_did");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Load_NumberOfStatements_IsTakenUpToItsLimit(int count, bool isTaken) =>
        Check(Policy(List(count, static place => Statement(sid: "S" + place))), isTaken, "/statements");

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Load_SidOfLength_IsTakenUpToItsLimit(int length, bool isTaken) => Check(Policy(Statement(sid: Letters(length))), isTaken, "/statements/0/sid");

    [Theory]
    [InlineData(0, false)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Load_NumberOfActions_IsTakenUpToItsLimit(int count, bool isTaken) =>
        Check(Policy(Statement(actions: List(count, static _ => "\"*\""))), isTaken, "/statements/0/actions");

    [Theory]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Load_ActionOfLength_IsTakenUpToItsLimit(int length, bool isTaken) =>
        Check(Policy(Statement(actions: $"\"{new string('*', length)}\"")), isTaken, "/statements/0/actions/0");

    [Theory]
    [InlineData(0, false)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Load_NumberOfResources_IsTakenUpToItsLimit(int count, bool isTaken) =>
        Check(Policy(Statement(resources: List(count, static _ => "\"*\""))), isTaken, "/statements/0/resources");

    [Theory]
    [InlineData(0, false)]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Load_ResourceOfLength_IsTakenUpToItsLimit(int length, bool isTaken) =>
        Check(Policy(Statement(resources: $"\"{Letters(length)}\"")), isTaken, "/statements/0/resources/0");

    [Theory]
    [InlineData(0, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Load_NumberOfKeys_IsTakenUpToItsLimit(int count, bool isTaken) =>
        Check(Policy(Statement(conditions: "{\"Bool\": {" + List(count, static place => $"\"Caller:{place}\": \"true\"") + "}}")), isTaken, "/statements/0/conditions/Bool");

    [Theory]
    [InlineData(0, true)]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Load_ValueOfLength_IsTakenUpToItsLimit(int length, bool isTaken) =>
        Check(Condition("StringLike", "Caller:a", Letters(length)), isTaken, "/statements/0/conditions/StringLike/Caller:a");

    [Theory]
    [InlineData(1, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Load_StatedNameOfLength_IsTakenUpToItsLimit(int length, bool isTaken) =>
        Check(Condition("StringEquals", "Caller:" + Letters(length), "x"), isTaken, $"/statements/0/conditions/StringEquals/Caller:{Letters(length)}");

    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("999999999999999.999999999", true)]
    [InlineData("-999999999999999", true)]
    [InlineData("1000000000000000", false)]
    [InlineData("0.0000000001", false)]
    [InlineData("00", false)]
    [InlineData("01.5", false)]
    [InlineData("1.", false)]
    [InlineData(".5", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData("--1", false)]
    [InlineData("+1", false)]
    [InlineData(" 1", false)]
    [InlineData("1 ", false)]
    [InlineData("1\\u0000", false)]
    [InlineData("1,000", false)]
    [InlineData("1e3", false)]
    [InlineData("0x1", false)]
    [InlineData("NaN", false)]
    [InlineData("\u0661", false)]
    public void Load_Number_IsTakenWhenExact(string number, bool isTaken) =>
        Check(Condition("NumericEquals", "Caller:a", number), isTaken, "/statements/0/conditions/NumericEquals/Caller:a");

    [Theory]
    [InlineData("Context:Hour", "23", true)]
    [InlineData("Context:Hour", "24", false)]
    [InlineData("Context:DayOfWeek", "6", true)]
    [InlineData("Context:DayOfWeek", "7", false)]
    [InlineData("SideEffect:TargetPort", "65535", true)]
    [InlineData("SideEffect:TargetPort", "65536", false)]
    [InlineData("SideEffect:TargetPort", "0", true)]
    public void Load_NumberOfAKey_IsTakenUpToItsLimit(string key, string number, bool isTaken) =>
        Check(Condition("NumericEquals", key, number), isTaken, $"/statements/0/conditions/NumericEquals/{key}");

    [Theory]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.0/32", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("10.0.0.0/08", false)]
    [InlineData("10.0.0.0/", false)]
    [InlineData("10.0.0.0/8/8", false)]
    [InlineData("10.0.0.0/-1", false)]
    [InlineData("10.0.0.0/+8", false)]
    [InlineData("10.0.0.0/8\\u0000", false)]
    [InlineData("010.0.0.0/8", false)]
    [InlineData("10.0.0/8", false)]
    [InlineData("/8", false)]
    [InlineData("", false)]
    [InlineData("::/0", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("[2001:db8::1]", true)]
    [InlineData("[2001:db8::]/32", true)]
    [InlineData("2001:db8::/128", true)]
    [InlineData("2001:db8::/129", false)]
    [InlineData("2001:db8::/0128", false)]
    [InlineData("[2001:db8::/32]", false)]
    [InlineData("[2001:db8::/32", false)]
    [InlineData("::1\\u0000", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::ffff:10.0.0.0/104", false)]
    [InlineData("[10.0.0.0]/8", false)]
    [InlineData("[10.0.0.1]", false)]
    [InlineData("localhost", false)]
    public void Load_Block_IsTakenWhenReadInOneWay(string block, bool isTaken) =>
        Check(Condition("IpAddress", "Caller:a", block), isTaken, "/statements/0/conditions/IpAddress/Caller:a");

    [Theory]
    [InlineData(WpcLoader.SizeMaxBytes, true)]
    [InlineData(WpcLoader.SizeMaxBytes + 1, false)]
    public void Load_TextOfSize_IsTakenUpToItsLimit(int size, bool isTaken) => Check(Policy(Statement()).PadRight(size), isTaken, "");

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Load_CanonicalFormOfSize_IsTakenUpToItsLimit(int more, bool isTaken)
    {
        // A number that is short in the text and long in its canonical form.
        var text = Policy(Statement()).Replace("\"policy_id\"", "\"metadata\": {\"n\": 1e20, \"t\": \"\"}, \"policy_id\"", StringComparison.Ordinal);
        var size = JsonWriter.WriteCanonical(JsonReader.Parse(System.Text.Encoding.UTF8.GetBytes(text), WpcLoader.SizeMaxBytes).Value).Length;

        Check(text.Replace("\"t\": \"\"", $"\"t\":\"{Letters(WpcLoader.SizeMaxBytes - size + more)}\"", StringComparison.Ordinal).Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal), isTaken, "");
    }

    private static string Letters(int count) => new('a', count);

    private static string List(int count, Func<int, string> item) => string.Join(", ", Enumerable.Range(0, count).Select(item));

    private static string Policy(string statements, string id = "p", string issuer = "did:a") =>
        $$"""{"policy_version": "2", "policy_id": "{{id}}", "issuer_did": "{{issuer}}", "statements": [{{statements}}]}""";

    private static string Statement(string sid = "S", string actions = "\"*\"", string resources = "\"*\"", string conditions = "{}") =>
        $$"""{"sid": "{{sid}}", "effect": "Allow", "actions": [{{actions}}], "resources": [{{resources}}], "conditions": {{conditions}}}""";

    private static string Condition(string operation, string key, string expected) =>
        Policy(Statement(conditions: $$$"""{"{{{operation}}}": {"{{{key}}}": "{{{expected}}}"}}"""));

    private static void Check(string text, bool isTaken, string pointer) =>
        Assert.Equal(isTaken ? [] : [pointer], WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes(text)).Faults.Select(static fault => fault.Pointer));
}
