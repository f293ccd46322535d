using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

/// <summary>What a trace tells: all that was looked at, with what it saw.</summary>
public sealed class PolicyTraceTests
{
    private const string Lists = """{"policy_version":"1","policy_id":"p1","issuer_did":"did:a","allowed_providers":["openai"],"allowed_models":["x","GPT-*"],"minimum_model_identity_tier":"closed_opaque","egress_allowlist":["*.b.c"]}""";

    private const string Statements = """
        {"policy_version":"2","policy_id":"p2","issuer_did":"did:a","statements":[
          {"sid":"S0","effect":"Allow","actions":["tool:*"],"resources":["no","t*"],"conditions":{"StringEquals":{"Agent:DID":"did:x"},"Bool":{"Caller:f":"true"}}},
          {"sid":"S1","effect":"Allow","actions":["model:invoke"],"resources":["*"]},
          {"sid":"S2","effect":"Deny","actions":["*"],"resources":["no"],"conditions":{"StringEquals":{"Caller:g":"1"}}},
          {"sid":"S3","effect":"Allow","actions":["tool:execute"],"resources":["tool"]}]}
        """;

    [Fact]
    public void Evaluate_Statements_TellsWhatEachSaw()
    {
        var (links, outcome) = Trace(Statements, "\"tool\":\"tool\",\"agent\":\"did:y\"");
        var statements = Assert.Single(links).Statements;

        Assert.Equal((true, PolicyFailure.None, "tool", PolicyAction.ToolExecute, "p2"), (outcome.IsAllowed, links[0].Failure, links[0].Resource, links[0].Action, links[0].Policy.PolicyId));
        Assert.Equal(
            [("S0", true, "t*", false), ("S1", false, "*", false), ("S2", true, null, false), ("S3", true, "tool", true)],
            statements.Select(static statement => (statement.Statement.Sid, statement.ActionMatched, statement.MatchedResource, statement.Matched)));
        Assert.Equal(
            [("Agent:DID", "did:y", ConditionOutcome.False), ("Caller:f", null, ConditionOutcome.Unresolvable), ("Caller:g", null, ConditionOutcome.Unresolvable)],
            statements.SelectMany(static statement => statement.Conditions).Select(static condition => (condition.Condition.Key.Name, condition.Actual, condition.Outcome)));
    }

    [Fact]
    public void Evaluate_DenyThatCannotBeEvaluated_MatchesAndIsTold()
    {
        var (links, outcome) = Trace(Statements, "\"tool\":\"no\",\"agent\":\"did:x\"");

        Assert.Equal((PolicyFailure.Denied, 0b0100UL), (outcome.Failure, outcome.StatementsOf(0)));
        Assert.Equal((PolicyFailure.Denied, "no", true), (links[0].Failure, links[0].Statements[2].MatchedResource, links[0].Statements[2].Matched));
    }

    [Fact]
    public void Evaluate_Lists_TellsWhatEachSaw()
    {
        var (links, outcome) = Trace(Lists, "\"model\":\"gpt-4\",\"provider\":\"openai\",\"host\":\"a.b.c:81\"");

        Assert.True(outcome.IsAllowed);
        Assert.Equal([PolicyAction.ModelInvoke, PolicyAction.NetworkEgress], links.Select(static link => link.Action));
        Assert.Equal(
            [
                new("allowed_providers", "openai", "openai", Passed: true), new("allowed_models", "gpt-4", "GPT-*", Passed: true),
                new("minimum_model_identity_tier", "closed_opaque", null, Passed: true), new RuleTrace("egress_allowlist", "a.b.c:81", "*.b.c", Passed: true),
            ],
            links.SelectMany(static link => link.Rules));
        Assert.All(links, static link => Assert.Equal(PolicyFailure.None, link.Failure));
    }

    [Theory]
    [InlineData("\"model\":\"gpt-4\"", PolicyFailure.ProviderNotAllowed, "allowed_providers")]
    [InlineData("\"model\":\"gpt-4\",\"provider\":\"Openai\"", PolicyFailure.ProviderNotAllowed, "allowed_providers")]
    [InlineData("\"model\":\"y\",\"provider\":\"openai\"", PolicyFailure.ModelNotAllowed, "allowed_models")]
    [InlineData("\"host\":\"b.c\"", PolicyFailure.EgressNotAllowed, "egress_allowlist")]
    public void Evaluate_ListThatLacksIt_IsTheFirstThatDoesNotPass(string asked, PolicyFailure failure, string member)
    {
        var (links, outcome) = Trace(Lists, asked);
        var first = links[^1].Rules.First(static rule => !rule.Passed);

        Assert.Equal((failure, failure, member, false, null), (outcome.Failure, links[^1].Failure, first.Member, first.Passed, first.MatchedEntry));
    }

    [Fact]
    public void Evaluate_HigherTierDemanded_DeniesEveryModel()
    {
        var (links, outcome) = Trace(Lists.Replace("\"closed_opaque\"", "\"closed_provider_manifest\"", StringComparison.Ordinal), "\"model\":\"x\",\"provider\":\"openai\"");

        Assert.Equal(PolicyFailure.ModelIdentityTierTooLow, outcome.Failure);
        Assert.Equal(new RuleTrace("minimum_model_identity_tier", "closed_opaque", null, Passed: false), links[0].Rules[^1]);
    }

    [Fact]
    public void Judge_ActionThatIsNeverAsked_IsNotAllowedByLists() =>
        Assert.Equal(new LinkOutcome(PolicyFailure.NotJudged, 0), PolicyCase.Read(CaseOf(Lists, "\"tool\":\"x\"")).Chain.Policy.Judge(PolicyAction.FilesystemRead, "x", default));

    private static (List<LinkTrace> Links, PolicyOutcome Outcome) Trace(string policy, string asked)
    {
        var item = PolicyCase.Read(CaseOf(policy, asked));
        var links = new List<LinkTrace>();
        var outcome = item.Chain.Evaluate(item.Question, links);
        Assert.Equal(item.Chain.Evaluate(item.Question), outcome);
        return (links, outcome);
    }

    private static string CaseOf(string policy, string asked) => "{\"policies\":[" + policy + "],\"question\":{\"at\":\"2026-01-01T00:00:00Z\"," + asked + "}}";
}
