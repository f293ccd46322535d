using System.Globalization;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Tests.Grammar;

namespace ClawPdp.Core.Tests.Policies;

public sealed class PolicyChainTests
{
    private const string Allow = """{"sid":"A","effect":"Allow","actions":["*"],"resources":["*"]}""";

    [Theory]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void Resolve_ChainOfLength_IsFollowedUpToItsLimit(int count, bool isFollowed)
    {
        var known = Chain(count, Allow);

        var chain = PolicyChain.Resolve(known[^1], hash => known.FirstOrDefault(policy => policy.PolicyHash == hash));

        Assert.Equal(isFollowed, chain.IsValid);
        Assert.Equal(isFollowed ? known : [], isFollowed ? chain.Value.Links : []);
        Assert.Equal(isFollowed ? [] : [("/inherits", "more than 8 policies inherit from each other")], chain.Faults.Select(static fault => (fault.Pointer, fault.Message)));
    }

    [Fact]
    public void Resolve_ParentNotAtHandOrAnother_IsRefused()
    {
        var known = Chain(2, Allow);

        Assert.Contains("not at hand", Assert.Single(PolicyChain.Resolve(known[1], static _ => null).Faults).Message, StringComparison.Ordinal);
        Assert.Contains("not at hand", Assert.Single(PolicyChain.Resolve(known[1], _ => known[1]).Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_EightLinks_TheIdsOfAllComeParentsFirst()
    {
        var known = Chain(8, Allow);
        var chain = PolicyChain.Resolve(known[^1], hash => known.FirstOrDefault(policy => policy.PolicyHash == hash)).Value;

        var outcome = chain.Evaluate(new PolicyQuestion { Tool = Samples.Tool("x") });

        Assert.True(outcome.IsAllowed);
        Assert.Equal(Enumerable.Repeat("A", 8), chain.StatementIdsOf(outcome));
        Assert.Equal(known[^1], chain.Policy);
    }

    [Fact]
    public void Evaluate_SixtyFourStatements_TheIdsAreThoseThatMatch()
    {
        var statements = Enumerable.Range(0, 64).Select(static place => string.Create(CultureInfo.InvariantCulture, $$"""{"sid":"S{{place}}","effect":"Allow","actions":["*"],"resources":["{{(place is 0 or 31 or 32 or 63 ? "x" : "y")}}"]}"""));
        var chain = PolicyChain.Resolve(Load(string.Join(',', statements), parent: null), static _ => null).Value;

        Assert.Equal(["S0", "S31", "S32", "S63"], chain.StatementIdsOf(chain.Evaluate(new PolicyQuestion { Tool = Samples.Tool("x") })));
    }

    [Fact]
    public void Evaluate_NothingAsked_DoesNotAllow()
    {
        var chain = PolicyChain.Resolve(Load(Allow, parent: null), static _ => null).Value;

        var outcome = chain.Evaluate(default);

        Assert.Equal((false, PolicyFailure.NotJudged), (outcome.IsAllowed, outcome.Failure));
        Assert.Equal(default, outcome);
        Assert.Empty(chain.StatementIdsOf(outcome));
    }

    [Fact]
    public void Outcome_OfOtherFailureActionLinkOrStatements_IsAnother()
    {
        var statements = """{"sid":"A","effect":"Allow","actions":["*"],"resources":["a*"]},{"sid":"B","effect":"Allow","actions":["*"],"resources":["ab"]},{"sid":"D","effect":"Deny","actions":["*"],"resources":["d"]}""";
        var chain = PolicyChain.Resolve(Load(statements, parent: null), static _ => null).Value;
        PolicyOutcome Ask(string? tool, string? model = null) => chain.Evaluate(new PolicyQuestion { Tool = tool is null ? null : Samples.Tool(tool), Model = model is null ? null : Samples.Model(model) });
        PolicyOutcome[] outcomes = [default, Ask("aa"), Ask("ab"), Ask("x"), Ask("d"), Ask(null, "d"), Ask(null, "x")];

        for (var left = 0; left < outcomes.Length; left++)
        {
            for (var right = 0; right < outcomes.Length; right++)
            {
                Assert.Equal(left == right, outcomes[left] == outcomes[right]);
                Assert.Equal(left != right, outcomes[left] != outcomes[right]);
            }

            Assert.True(outcomes[left].Equals((object)outcomes[left]));
            Assert.Equal(outcomes[left].GetHashCode(), outcomes[left].GetHashCode());
        }

        Assert.False(outcomes[0].Equals("x"));
    }

    [Theory]
    [InlineData("2026-01-05T09:59:59.9999999Z", "2026-01-05T10:00:00Z")]
    [InlineData("2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z")]
    [InlineData("2026-01-05T10:10:00+05:30", "2026-01-05T05:00:00Z")]
    [InlineData("2026-12-31T23:00:00Z", "2027-01-01T00:00:00Z")]
    public void NextChangeAfter_PolicyOfHours_IsTheNextFullHourOfUtc(string now, string next)
    {
        var chain = PolicyChain.Resolve(Load("""{"sid":"A","effect":"Allow","actions":["*"],"resources":["*"],"conditions":{"NumericLessThan":{"Context:Hour":"9"}}}""", parent: null), static _ => null).Value;

        Assert.Equal(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture), chain.NextChangeAfter(DateTimeOffset.Parse(now, CultureInfo.InvariantCulture)));
    }

    private static List<WorkPolicyContract> Chain(int count, string statements)
    {
        var known = new List<WorkPolicyContract>();
        for (var number = 0; number < count; number++)
        {
            known.Add(Load(statements, known.LastOrDefault()?.PolicyHash));
        }

        return known;
    }

    private static WorkPolicyContract Load(string statements, string? parent)
    {
        var inherits = parent is null ? "" : $"\"inherits\":\"{parent}\",";
        return WpcLoader.Load(System.Text.Encoding.UTF8.GetBytes($$"""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a",{{inherits}}"statements":[{{statements}}]}""")).Value;
    }
}
