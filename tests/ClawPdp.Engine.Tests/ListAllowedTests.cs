using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Listings;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Tests.Generated;
using CsCheck;
using static ClawPdp.Engine.Tests.Generated.GeneratedNames;

namespace ClawPdp.Engine.Tests;

public sealed class ListAllowedTests
{
    private const int ListCount = 1_500;
    private const int NamesEach = 6;

    [Fact]
    public void List_Tools_SaysWhatDecideSays() => Compare(Dimension.Tool, ToolScopes.Select(static text => "tool:" + text), Tools);

    [Fact]
    public void List_Models_SaysWhatDecideSays() => Compare(Dimension.Model, ModelScopes.Select(static text => "model:" + text), Models);

    [Fact]
    public void List_Hosts_SaysWhatDecideSays() => Compare(Dimension.Host, HostScopes.Select(static text => "egress:" + text), Hosts);

    [Theory]
    [InlineData("NumericLessThan", "443", 442, 443)]
    [InlineData("NumericGreaterThan", "443", 444, 443)]
    [InlineData("NumericEquals", "443", 443, 442)]
    [InlineData("StringEquals", "443", 443, 444)]
    [InlineData("StringNotEquals", "443", 444, 443)]
    public void List_PortCondition_IsExactToThePort(string operation, string value, int allowedPort, int deniedPort)
    {
        var conditions = new JsonObjectBuilder().Add(operation, new JsonObjectBuilder().Add("SideEffect:TargetPort", value).Build()).Build();
        var statement = new JsonObjectBuilder()
            .Add("sid", "s")
            .Add("effect", "Allow")
            .Add("actions", JsonValue.ArrayOf(["side_effect:network_egress"]))
            .Add("resources", JsonValue.ArrayOf(["*"]))
            .Add("conditions", conditions)
            .Build();
        var policy = WpcLoader.Load(new JsonObjectBuilder()
            .Add("policy_version", "2")
            .Add("policy_id", "p")
            .Add("issuer_did", "did:web:a")
            .Add("statements", JsonValue.ArrayOf([statement]))
            .Build()).Value;
        using var fixture = new EngineFixture(policy);
        var question = new ListingQuestion { Token = fixture.Sign(EngineFixture.Claims("egress:*.x.com")), Kind = Dimension.Host };

        var list = fixture.Engine.List(question, EngineFixture.Now, out _).Allowed ?? throw new InvalidOperationException("no list");

        foreach (var (host, isAllowed) in new[] { ($"a.x.com:{allowedPort}", true), ($"a.x.com:{deniedPort}", false), ("a.x.com", false), ($"x.com:{allowedPort}", false) })
        {
            Assert.Equal(isAllowed, ReferenceMembership.Contains(list, Dimension.Host, host));
            Assert.Equal(isAllowed, fixture.Engine.Decide(question.About(host), EngineFixture.Now, out _).Effect == Effect.Allow);
        }
    }

    [Theory]
    [InlineData(null, ReasonCode.TokenRequired)]
    [InlineData("a.b.c", ReasonCode.TokenMalformed)]
    public void List_NoGoodToken_IsRefused(string? token, ReasonCode reason)
    {
        using var fixture = new EngineFixture();

        var listing = fixture.Engine.List(new ListingQuestion { Token = token, Kind = Dimension.Tool }, EngineFixture.Now, out _);

        Assert.Equal((reason, null), (listing.Reason, listing.Allowed));
    }

    [Fact]
    public void List_PolicyThatCanAllowNothing_ListsNoPattern()
    {
        using var fixture = new EngineFixture(EngineFixture.Policy(""","minimum_model_identity_tier":"tee_measured" """));

        var list = fixture.Engine.List(new ListingQuestion { Token = fixture.Sign(EngineFixture.Claims("model:gpt-*", "model:gpt-4")), Kind = Dimension.Model }, EngineFixture.Now, out _).Allowed;

        Assert.Equal((0, 0, 0), (list?.Names.Length, list?.Patterns.Length, list?.Limits.Length));
    }

    [Fact]
    public void List_NamesOfThePolicy_AreListedWhereTheTokenGrantsThem()
    {
        using var fixture = new EngineFixture(EngineFixture.Policy(""","allowed_models":["gpt-4","claude-3","gpt-5*"]"""));

        var list = fixture.Engine.List(new ListingQuestion { Token = fixture.Sign(EngineFixture.Claims("model:gpt-*")), Kind = Dimension.Model, Candidates = ["gpt-5o", "gpt-6", "x y"] }, EngineFixture.Now, out _).Allowed;

        Assert.Equal(["gpt-4", "gpt-5o"], list?.Names ?? []);
        Assert.Equal(["gpt-*"], list?.Patterns ?? []);
    }

    private static void Compare(Dimension kind, Gen<string> scopes, Gen<string> names)
    {
        var worlds = Gen.Select(
            Gen.Frequency((9, GeneratedPolicies.AllChains.Select(static chain => (PolicyChain?)chain)), (1, Gen.Const((PolicyChain?)null))),
            scopes.Array[1, 3],
            Gen.Select(OneOf("", "openai", "anthropic"), OneOf("", "1", "true", "10.0.0.1", "x"), Gen.Int[0, 5]),
            names.Array[0, 3],
            names.Array[NamesEach]);
        var (allowed, denied) = (0, 0);

        worlds.Sample(
            (chain, scope, facts, candidates, asked) =>
            {
                using var fixture = FixtureOf(chain);
                var now = EngineFixture.Now.AddHours(facts.Item3);
                var question = new ListingQuestion
                {
                    Token = fixture.Sign(EngineFixture.Claims([.. scope, "plain"]) with { IssuedAt = now.ToUnixTimeSeconds(), ExpiresAt = now.ToUnixTimeSeconds() + 60 }),
                    Kind = kind,
                    Candidates = candidates,
                    Provider = facts.Item1,
                    Stated = facts.Item2.Length == 0 ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["Caller:x"] = facts.Item2, ["Request:HasHumanApproval"] = "true" },
                };
                var listing = fixture.Engine.List(question, now, out _);
                Assert.Equal(ReasonCode.Allowed, listing.Reason);
                var list = listing.Allowed ?? throw new InvalidOperationException("no list");
                foreach (var name in asked.Concat(candidates).Concat(list.Names).Where(static name => name.Length > 0))
                {
                    var isAllowed = fixture.Engine.Decide(question.About(name), now, out _).Effect == Effect.Allow;
                    Assert.True(
                        isAllowed == ReferenceMembership.Contains(list, kind, name),
                        $"`{name}` is {(isAllowed ? "" : "not ")}allowed, and the list says else");
                    _ = isAllowed ? Interlocked.Increment(ref allowed) : Interlocked.Increment(ref denied);
                }
            },
            iter: ListCount,
            print: static world => Print(world.Item1, world.Item2, world.Item3, world.Item4, world.Item5));

        // Both answers must have been met often, else nothing was compared.
        Assert.InRange(allowed, ListCount / 2, int.MaxValue);
        Assert.InRange(denied, ListCount / 2, int.MaxValue);
    }

    private static EngineFixture FixtureOf(PolicyChain? chain)
    {
        var fixture = new EngineFixture();
        if (chain is not null)
        {
            fixture.States.Publish(state => state with { Policies = PolicyTable.Empty.WithCommon(new ActivePolicy { Current = new SignedChain(chain, []) }) });
        }

        return fixture;
    }

    private static string Print(PolicyChain? chain, string[] scope, object facts, string[] candidates, string[] asked) => string.Join(
        '\n',
        [
            .. chain?.Links.Select(static link => JsonWriter.CanonicalText(link.Payload)) ?? ImmutableArray<string>.Empty,
            "scope " + string.Join(' ', scope),
            "facts " + facts,
            "candidates " + string.Join(' ', candidates),
            "asked " + string.Join(' ', asked),
        ]);
}
