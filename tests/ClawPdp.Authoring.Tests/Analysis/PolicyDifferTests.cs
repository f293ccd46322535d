using ClawPdp.Authoring.Analysis.Differences;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Tests.Analysis;

public sealed class PolicyDifferTests
{
    private const string Tool = "tool:execute";
    private const string Model = "model:invoke";
    private const string Host = "side_effect:network_egress";

    private static readonly string Base = PolicyText.Allow("A", Tool, "github/**");

    public static TheoryData<string, string, string, Verdict, Verdict, string> Changes => new()
    {
        { "narrower pattern", Base, PolicyText.Allow("A", Tool, "github/*"), Verdict.Allow, Verdict.Deny, "tool github/x/x" },
        { "wider pattern", PolicyText.Allow("A", Tool, "github/*"), Base, Verdict.Deny, Verdict.Allow, "tool github/x/x" },
        { "one unit", PolicyText.Allow("A", Tool, "a?"), PolicyText.Allow("A", Tool, "a*"), Verdict.Deny, Verdict.Allow, "tool a" },
        { "a deny", Base, Base + "," + PolicyText.Deny("D", Tool, "**/delete_*"), Verdict.Allow, Verdict.Deny, "tool github/delete_" },
        { "the effect", Base, PolicyText.Deny("A", Tool, "github/**"), Verdict.Allow, Verdict.Deny, "tool github/x" },
        { "an hour", Hours("9"), Hours("8"), Verdict.Deny, Verdict.Allow, "tool x, at hour 9" },
        { "a day", Condition("NumericEquals", "Context:DayOfWeek", "1"), Condition("NumericEquals", "Context:DayOfWeek", "2"), Verdict.Allow, Verdict.Deny, "tool x, on Monday" },
        { "a stated key", Base, PolicyText.Allow("A", Tool, "github/**", Of("StringEquals", "Caller:Env", "prod")), Verdict.Allow, Verdict.Deny, "tool github/x, without Caller:Env" },
        { "a stated value", Condition("StringEquals", "Caller:Env", "prod"), Condition("StringEquals", "Caller:Env", "test"), Verdict.Allow, Verdict.Deny, "tool x, with Caller:Env=prod" },
        { "a stated number", Condition("NumericLessThan", "Caller:N", "10"), Condition("NumericLessThan", "Caller:N", "10.5"), Verdict.Deny, Verdict.Allow, "tool x, with Caller:N=10" },
        { "a stated flag", Condition("Bool", "Caller:F", "true"), Condition("StringEquals", "Caller:F", "true"), Verdict.Allow, Verdict.Deny, "tool x, with Caller:F=True" },
        { "an agent", Condition("StringLike", "Agent:DID", "did:web:a*"), Condition("StringLike", "Agent:DID", "did:web:*"), Verdict.Deny, Verdict.Allow, "tool x, by agent did:web:" },
        { "an approval", Base, PolicyText.Allow("A", Tool, "github/**", Of("Bool", "Request:HasHumanApproval", "true")), Verdict.Allow, Verdict.NeedsApproval, "tool github/x" },
        { "a way to approve", PolicyText.Allow("A", Tool, "a"), PolicyText.Allow("A", Tool, "a") + "," + PolicyText.Allow("B", Tool, "b", Of("Bool", "Request:HasHumanApproval", "true")), Verdict.Deny, Verdict.NeedsApproval, "tool b" },
        { "an approval that takes away", Base, Base + "," + PolicyText.Deny("D", Tool, "**", Of("Bool", "Request:HasHumanApproval", "true")), Verdict.Allow, Verdict.AllowUnlessApproved, "tool github/x" },
        { "a model", PolicyText.Allow("A", Model, "gpt-4*"), PolicyText.Allow("A", Model, "gpt-*"), Verdict.Deny, Verdict.Allow, "model gpt-" },
        { "a provider", PolicyText.Allow("A", Model, "*", Of("StringEquals", "Model:Provider", "openai")), PolicyText.Allow("A", Model, "*"), Verdict.Deny, Verdict.Allow, "model x, without a provider" },
        { "a host", PolicyText.Allow("A", Host, "*.example.com"), PolicyText.Allow("A", Host, "*"), Verdict.Deny, Verdict.Allow, "host h" },
        { "a block", Blocks("10.0.0.0/8"), Blocks("10.0.0.0/9"), Verdict.Allow, Verdict.Deny, "host 10.128.0.0" },
        { "a block of version 6", Blocks("2001:db8::/32"), Blocks("2001:db8::/33"), Verdict.Allow, Verdict.Deny, "host [2001:db8:8000::]" },
        { "a port", PolicyText.Allow("A", Host, "*", Of("NumericEquals", "SideEffect:TargetPort", "443")), PolicyText.Allow("A", Host, "*", Of("NumericLessThan", "SideEffect:TargetPort", "443")), Verdict.Allow, Verdict.Deny, "host h, port 443" },
        { "a tool where a model is used", PolicyText.Allow("A", Model, "*") + "," + PolicyText.Allow("B", Tool, "*", Of("StringEquals", "Model:Name", "a")), PolicyText.Allow("A", Model, "*") + "," + PolicyText.Allow("B", Tool, "*", Of("StringEquals", "Model:Name", "b")), Verdict.Allow, Verdict.Deny, "tool x, model a" },
        { "a deny that loses its key", Base + "," + PolicyText.Deny("D", Tool, "**", Of("StringNotEquals", "Caller:Env", "prod")), Base, Verdict.Deny, Verdict.Allow, "tool github/x, without Caller:Env" },
        { "an action", PolicyText.Allow("A", "*", "*"), PolicyText.Allow("A", Tool, "*"), Verdict.Allow, Verdict.Deny, "host h" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Compare_ChangeOfMeaning_IsFoundWithItsWitness(string what, string before, string after, Verdict old, Verdict now, string witness)
    {
        var difference = PolicyDiffer.Compare(PolicyText.Chain(before), PolicyText.Chain(after));

        Assert.Empty(difference.Incomplete);
        Assert.Contains(difference.Changes, change => change.Before.Verdict == old && change.After.Verdict == now && change.Witness.ToString() == witness);
        Assert.All(difference.Changes, change => AssertDiffers(PolicyText.Chain(before), PolicyText.Chain(after), change));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void Compare_OrderDuplicatesSidsMetadataAndSpelling_AreNoChanges()
    {
        var before = PolicyText.Chain(Base, PolicyText.Deny("D", Tool, "**/x", Of("StringEquals", "Caller:A", "1")));
        var after = PolicyText.Chain(PolicyText.Load($$"""
            {"metadata":{"a":1},"statements":[
            {{PolicyText.Deny("Other", "tool:*", "**/x", Of("StringLike", "Caller:A", "1"))}},{{PolicyText.Allow("Same", Tool, "github/**")}},{{PolicyText.Allow("Again", Tool, "github/**")}},{{PolicyText.Allow("Part", Tool, "github/a")}}
            ],"policy_id":"q","issuer_did":"did:key:y","policy_version":"2"}
            """));

        Assert.True(PolicyDiffer.Compare(before, after).IsNone);
    }

    [Fact]
    public void Compare_DenialsForOtherReasons_AreChangesOnlyIfAskedFor()
    {
        var before = PolicyText.Chain(PolicyText.Allow("A", Tool, "a"));
        var after = PolicyText.Chain(PolicyText.Allow("A", Tool, "a"), PolicyText.Deny("D", Tool, "b"));

        Assert.True(PolicyDiffer.Compare(before, after).IsNone);
        var change = Assert.Single(PolicyDiffer.Compare(before, after, withReasons: true).Changes);
        Assert.True(change.IsOfReason);
        Assert.Equal("tool b", change.Witness.ToString());
    }

    [Fact]
    public void Compare_Versions1And2_AreComparedByMeaning()
    {
        var old = PolicyText.Chain(PolicyText.Load("""
            {"policy_version":"1","policy_id":"p","issuer_did":"did:key:z","allowed_models":["gpt-*"],"allowed_providers":["openai"],"egress_allowlist":["api.github.com:443"]}
            """));
        var now = PolicyText.Chain(PolicyText.Allow("T", Tool, "**"), PolicyText.Allow("M", Model, "gpt-*", Of("StringEquals", "Model:Provider", "openai")), PolicyText.Allow("H", Host, "api.github.com"));

        var difference = PolicyDiffer.Compare(old, now);

        Assert.Equal(["model GPT-, provider openai"], difference.Changes.Where(static change => change.After.Verdict == Verdict.Deny).Select(static change => change.Witness.ToString()));
        Assert.Equal(["host api.github.com, without a port"], difference.Changes.Where(static change => change.After.Verdict == Verdict.Allow).Select(static change => change.Witness.ToString()));
        Assert.All(difference.Changes, change => AssertDiffers(old, now, change));
    }

    [Fact]
    public void Compare_ParentThatDenies_CountsAsTheChildDoes()
    {
        var parent = PolicyText.Policy(PolicyText.Allow("P", Tool, "a/**"));
        var child = PolicyText.Load($$"""{"policy_version":"2","policy_id":"c","issuer_did":"did:key:z","inherits":"{{parent.PolicyHash}}","statements":[{{PolicyText.Allow("C", Tool, "**")}}]}""");

        var difference = PolicyDiffer.Compare(PolicyText.Chain(PolicyText.Allow("C", Tool, "**")), PolicyText.Chain(child, parent));

        Assert.Equal("tool x", Assert.Single(difference.Changes).Witness.ToString());
    }

    [Fact]
    public void Compare_MoreContextsThanAreLookedAt_IsNotCalledEqual()
    {
        var statements = Enumerable.Range(0, 18).Select(static index => PolicyText.Allow($"S{index}", Tool, "*", Of("StringEquals", $"Caller:K{index}", "1"))).ToArray();

        var difference = PolicyDiffer.Compare(PolicyText.Chain(statements), PolicyText.Chain([.. statements.Reverse()]));

        Assert.NotEmpty(difference.Incomplete);
        Assert.False(difference.IsNone);
    }

    [Fact]
    public void Compare_ConditionOnHours_NamesAllOfThem()
    {
        var before = PolicyText.Chain(PolicyText.Allow("A", Tool, "*"));
        var after = PolicyText.Chain(PolicyText.Allow("A", Tool, "*"), PolicyText.Deny("D", Tool, "*", "\"NumericLessThan\":{\"Context:Hour\":\"6\"}"), PolicyText.Deny("E", Tool, "*", "\"NumericEquals\":{\"Context:Hour\":\"22\"}"));

        Assert.Contains("tool x, at the hours 0 to 5, 22", PolicyDiffer.Compare(before, after).Changes.Select(static change => change.Witness.ToString()));
    }

    [Fact]
    public void Compare_ManyKindsForOneReason_AreOneChange()
    {
        var before = PolicyText.Chain(PolicyText.Allow("A", Tool, "a/**"), PolicyText.Allow("B", Tool, "*/b"));
        var after = PolicyText.Chain(PolicyText.Allow("A", Tool, "a/**"), PolicyText.Allow("B", Tool, "*/b"), PolicyText.Deny("D", Tool, "a/*"));

        var change = Assert.Single(PolicyDiffer.Compare(before, after).Changes);

        Assert.Equal(2, change.KindCount);
        Assert.Equal("allowed by `A`", change.Before.Reason);
    }

    internal static void AssertDiffers(PolicyChain before, PolicyChain after, PolicyChange change)
    {
        var approved = change.Example with { HasHumanApproval = true };
        Assert.Equal(change.Before.Verdict, VerdictOf(before.Evaluate(change.Example).IsAllowed, before.Evaluate(approved).IsAllowed));
        Assert.Equal(change.After.Verdict, VerdictOf(after.Evaluate(change.Example).IsAllowed, after.Evaluate(approved).IsAllowed));
        Assert.NotEqual(change.Before.Verdict, change.After.Verdict);
    }

    private static Verdict VerdictOf(bool without, bool with) => without ? with ? Verdict.Allow : Verdict.AllowUnlessApproved : with ? Verdict.NeedsApproval : Verdict.Deny;

    private static string Of(string operation, string key, string value) => $"\"{operation}\":{{\"{key}\":\"{value}\"}}";

    private static string Condition(string operation, string key, string value) => PolicyText.Allow("A", Tool, "*", Of(operation, key, value));

    private static string Hours(string hour) => PolicyText.Allow("A", Tool, "*", Of("NumericGreaterThan", "Context:Hour", hour));

    private static string Blocks(string block) => PolicyText.Allow("A", Host, "*", Of("IpAddress", "SideEffect:TargetDomain", block));
}
