using System.Text;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Policies;
using ClawPdp.Server.Issuance;

namespace ClawPdp.Server.Tests;

public sealed class PinRuleTests
{
    private static readonly SignedChain Old = Chain("old");
    private static readonly SignedChain New = Chain("new");

    [Theory]
    [InlineData("old", false)]
    [InlineData("new", true)]
    [InlineData("another", true)]
    [InlineData("", true)]
    public void Check_PolicyWithinItsOverlap_TakesNoNewTokens(string pin, bool isTaken)
    {
        var policies = PolicyTable.Empty.WithCommon(new ActivePolicy { Current = New, Previous = Old, PreviousUntil = DateTimeOffset.MaxValue });

        Assert.Equal(isTaken, PinRule.Check(Request(pin), policies) is null);
    }

    [Fact]
    public void Check_ReplacedForOneOfTheAudiences_IsRefused()
    {
        var policies = PolicyTable.Empty.With("b", new ActivePolicy { Current = New, Previous = Old, PreviousUntil = DateTimeOffset.MaxValue });

        Assert.NotNull(PinRule.Check(Request("old", "a", "b"), policies));
        Assert.Null(PinRule.Check(Request("old", "a"), policies));
    }

    private static SignedChain Chain(string id)
    {
        var text = $$"""{"policy_version":"1","policy_id":"{{id}}","issuer_did":"did:web:example.com"}""";
        return new SignedChain(PolicyChain.Resolve(WpcLoader.Load(Encoding.UTF8.GetBytes(text)).Value, static _ => null).Value, []);
    }

    private static IssuanceRequest Request(string pin, params string[] audiences) => new()
    {
        Credential = "",
        AgentDid = "did:web:agent.example",
        Audiences = audiences.Length > 0 ? [.. audiences] : ["a"],
        Narrowing = new ScopeRequest(),
        LifetimeSeconds = null,
        PolicyHash = pin switch
        {
            "old" => Old.PolicyHash,
            "new" => New.PolicyHash,
            "another" => Chain("another").PolicyHash,
            _ => "",
        },
    };
}
