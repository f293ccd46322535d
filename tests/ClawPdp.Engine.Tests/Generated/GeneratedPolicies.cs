using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using CsCheck;
using static ClawPdp.Engine.Tests.Generated.GeneratedNames;

namespace ClawPdp.Engine.Tests.Generated;

/// <summary>Policies of both versions, and chains of them, about the world of <see cref="GeneratedNames"/>.</summary>
internal static class GeneratedPolicies
{
    private static readonly Gen<(string Operator, string Key, string Value)> Conditions = Gen.Frequency(
        (3, Condition(["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"], ["Tool:Name", "Model:Name"], NamePatterns)),
        (1, Condition(["StringEquals", "StringNotEquals"], ["SideEffect:TargetDomain"], HostPatterns.Where(static text => !text.Contains('*', StringComparison.Ordinal)))),
        (1, Condition(["StringLike", "StringNotLike"], ["SideEffect:TargetDomain"], HostPatterns)),
        (2, Condition(["IpAddress"], ["SideEffect:TargetDomain"], OneOf("10.0.0.0/16", "10.0.0.1", "10.1.2.3/8", "2001:db8::/64", "[2001:db8::1]", "0.0.0.0/0"))),
        (4, Condition(["StringEquals", "StringNotEquals", "NumericEquals", "NumericLessThan", "NumericGreaterThan"], ["SideEffect:TargetPort"], OneOf("0", "80", "443", "8443", "65535"))),
        (1, Condition(["NumericEquals", "NumericLessThan", "NumericGreaterThan"], ["Context:Hour", "Context:DayOfWeek"], OneOf("0", "3", "4"))),
        (1, Condition(["StringEquals", "StringNotEquals", "StringLike"], ["Model:Provider"], OneOf("openai", "anthropic", "*"))),
        (1, Condition(["StringEquals", "StringNotLike"], ["Agent:DID"], OneOf(EngineFixture.Agent, "did:web:other"))),
        (3, Condition(["Bool"], ["Request:HasHumanApproval"], OneOf("true", "false"))),
        (1, Condition(["StringEquals", "StringNotEquals", "NumericLessThan"], ["Caller:x"], OneOf("1"))),
        (1, Condition(["Bool"], ["Caller:x"], OneOf("true"))),
        (1, Condition(["IpAddress"], ["Caller:x"], OneOf("10.0.0.0/8"))));

    private static readonly Gen<(ImmutableArray<string> Actions, ImmutableArray<string> Resources)> Targets = Gen.OneOf(
        Gen.Select(
            OneOf("tool:execute", "model:invoke", "*", "**", "?ool:*").Array[1, 2],
            NamePatterns.Array[1, 3]).Select(static (actions, resources) => (actions.ToImmutableArray(), resources.ToImmutableArray())),
        Gen.Select(OneOf("side_effect:network_egress", "side_effect:network_*").Array[1, 1], HostPatterns.Array[1, 3])
            .Select(static (actions, resources) => (actions.ToImmutableArray(), resources.ToImmutableArray())));

    private static readonly Gen<JsonValue> Statements =
        Gen.Select(Gen.Frequency((2, Gen.Const("Allow")), (1, Gen.Const("Deny"))), Targets, Conditions.Array[0, 2]).Select(static (effect, target, conditions) =>
            new JsonObjectBuilder()
                .Add("effect", effect)
                .Add("actions", JsonValue.ArrayOf(target.Actions))
                .Add("resources", JsonValue.ArrayOf(target.Resources))
                .Add("conditions", ConditionsOf(conditions))
                .Build());

    private static readonly Gen<JsonObjectBuilder> Simple = Gen.Select(
        OneOf("openai", "anthropic").Array[0, 1],
        OneOf("gpt-*", "GPT-4", "claude-3", "m/*", "*").Array[0, 2],
        EgressEntries.Array[0, 2],
        Gen.Frequency((9, Gen.Const("closed_opaque")), (1, Gen.Const("tee_measured")))).Select(static (providers, models, egress, tier) =>
        Head("1")
            .Add("allowed_providers", JsonValue.ArrayOf(providers))
            .Add("allowed_models", JsonValue.ArrayOf(models))
            .Add("egress_allowlist", JsonValue.ArrayOf(egress))
            .Add("minimum_model_identity_tier", tier));

    private static readonly Gen<JsonValue[]> Full = Statements.Array[1, 4];

    /// <summary>Chains of one to three policies; of version 1 is the first one alone.</summary>
    public static readonly Gen<PolicyChain> Chains =
        Gen.Select(Gen.Frequency((1, Simple.Select(static head => (JsonObjectBuilder?)head)), (2, Gen.Const((JsonObjectBuilder?)null))), Full.Array[0, 2], Full)
            .Select(static (first, middle, last) => ChainOf(first, [.. middle, last]));

    /// <summary>A policy that allows everything that a human approved.</summary>
    public static readonly PolicyChain WithApproval = ChainOf(
        null,
        [
            [
                new JsonObjectBuilder()
                    .Add("effect", "Allow")
                    .Add("actions", JsonValue.ArrayOf(["*"]))
                    .Add("resources", JsonValue.ArrayOf(["*"]))
                    .Add("conditions", ConditionsOf([("Bool", "Request:HasHumanApproval", "true")]))
                    .Build(),
            ],
        ]);

    /// <summary>Chains with or without a policy of version 1 alone.</summary>
    public static readonly Gen<PolicyChain> AllChains = Gen.Frequency((3, Chains), (1, Simple.Select(static head => ChainOf(head, []))));

    private static Gen<(string Operator, string Key, string Value)> Condition(string[] operations, string[] keys, Gen<string> value) =>
        Gen.Select(OneOf(operations), OneOf(keys), value);

    private static JsonObjectBuilder Head(string version) =>
        new JsonObjectBuilder().Add("policy_version", version).Add("policy_id", "p").Add("issuer_did", "did:web:example.com");

    private static JsonValue ConditionsOf((string Operator, string Key, string Value)[] conditions)
    {
        var byOperator = new JsonObjectBuilder();
        foreach (var group in conditions.DistinctBy(static condition => (condition.Operator, condition.Key)).GroupBy(static condition => condition.Operator, StringComparer.Ordinal))
        {
            var byKey = new JsonObjectBuilder();
            foreach (var (_, key, value) in group)
            {
                byKey.Add(key, value);
            }

            byOperator.Add(group.Key, byKey.Build());
        }

        return byOperator.Build();
    }

    private static PolicyChain ChainOf(JsonObjectBuilder? first, JsonValue[][] links)
    {
        var known = new Dictionary<string, WorkPolicyContract>(StringComparer.Ordinal);
        var last = first is null ? null : WpcLoader.Load(first.Build()).Value;
        foreach (var (place, statements) in links.Index())
        {
            if (last is not null)
            {
                known[last.PolicyHash] = last;
            }

            var payload = Head("2")
                .Add("metadata", new JsonObjectBuilder().Add("place", place).Build())
                .AddIfPresent("inherits", last?.PolicyHash)
                .Add("statements", JsonValue.ArrayOf([.. statements.Select(static (statement, index) => WithSid(statement, index))]))
                .Build();
            last = WpcLoader.Load(payload).Value;
        }

        return PolicyChain.Resolve(last ?? throw new InvalidOperationException("no policy"), known.GetValueOrDefault).Value;
    }

    private static JsonValue WithSid(JsonValue statement, int index) =>
        JsonValue.ObjectOf([new JsonMember("sid", JsonValue.Of("s" + index.ToString(CultureInfo.InvariantCulture))), .. statement.Members]);
}
