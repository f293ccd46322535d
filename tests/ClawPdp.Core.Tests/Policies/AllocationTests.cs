using System.Globalization;
using ClawPdp.Core.Policies;

namespace ClawPdp.Core.Tests.Policies;

public sealed class AllocationTests
{
    private const int Rounds = 1_000;
    private const int AttemptsMax = 200;

    [Theory]
    [InlineData("2")]
    [InlineData("1")]
    public void Evaluate_EveryOperatorAndList_AllocatesNothing(string version)
    {
        var policy = version == "2" ? Statements() : """
            {"policy_version":"1","policy_id":"p","issuer_did":"did:web:a","allowed_providers":["openai"],"allowed_models":["x","GPT-*"],"egress_allowlist":["10.0.0.0/8","*.example.com:443"]}
            """;
        var item = PolicyCase.Read($$$"""
            {"policies":[{{{policy}}}],"question":{"tool":"src/a/b/x.ts","model":"gpt-4o","provider":"openai","host":"api.example.com:443","agent":"did:key:z","at":"2026-01-05T09:00:00Z",
             "stated":{"Caller:a":"text/a","Caller:n":"-1.25","Caller:f":"TRUE","Caller:i":"[2001:db8::7]","Receipt:ProofTier":"gateway"} } }
            """);
        var question = item.Question;
        Assert.True(item.Chain.Evaluate(question).IsAllowed, item.Judge());

        // What runs at first is code that is not optimised yet, and boxes; when it is replaced is for the runtime to say.
        var allocated = long.MaxValue;
        for (var attempt = 0; attempt < AttemptsMax && allocated > 0; attempt++)
        {
            allocated = Measure(item.Chain, question);
        }

        Assert.Equal(0, allocated);
    }

    private static long Measure(PolicyChain chain, in PolicyQuestion question)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            _ = chain.Evaluate(question);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // 64 statements: patterns of each kind, every operator, keys of each kind, and a Deny that looks at everything and does not match.
    private static string Statements()
    {
        var statements = Enumerable.Range(0, 64).Select(static place => string.Create(CultureInfo.InvariantCulture, $$"""
            {"sid":"S{{place}}","effect":"{{(place == 63 ? "Deny" : "Allow")}}","actions":["{{(place % 2 == 0 ? "*" : "tool:execute")}}"],
             "resources":["x","a/**","**/q/?*","*/**/*.js","**"],
             "conditions":{
               "StringEquals":{"Agent:DID":"did:key:z","Context:DayOfWeek":"1"},"StringNotEquals":{"Caller:a":"other","Request:HasHumanApproval":"true"},
               "StringLike":{"Caller:a":"t*t/?","Tool:Name":"src/**/x.ts","SideEffect:TargetDomain":"*.example.com"},"StringNotLike":{"Model:Name":"claude*"},
               "NumericEquals":{"Caller:n":"-1.250"},"NumericLessThan":{"Context:Hour":"10"},"NumericGreaterThan":{"Context:Hour":"8","Caller:n":"-2"},
               "Bool":{"Caller:f":"true","Request:HasHumanApproval":"false"},
               "IpAddress":{"Caller:i":"{{(place == 63 ? "2001:db9::/32" : "2001:db8::/32")}}"} } }
            """));
        return $$"""{"policy_version":"2","policy_id":"p","issuer_did":"did:web:a","statements":[{{string.Join(',', statements)}}]}""";
    }
}
