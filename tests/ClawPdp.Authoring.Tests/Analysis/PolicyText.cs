using System.Text;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Tests.Analysis;

/// <summary>Makes policies out of statements as they stand in a file.</summary>
internal static class PolicyText
{
    public static WorkPolicyContract Policy(params string[] statements) => Load($$"""
        {"policy_version":"2","policy_id":"p","issuer_did":"did:key:z","statements":[
        {{string.Join(",\n", statements)}}
        ]}
        """);

    public static WorkPolicyContract Load(string json)
    {
        var loaded = WpcLoader.Load(Encoding.UTF8.GetBytes(json));
        return loaded.TryGet(out var policy) ? policy : throw new ArgumentException(string.Join("; ", loaded.Faults), nameof(json));
    }

    public static PolicyChain Chain(params string[] statements) => Chain(Policy(statements));

    public static PolicyChain Chain(WorkPolicyContract policy, params WorkPolicyContract[] others) =>
        PolicyChain.Resolve(policy, hash => others.FirstOrDefault(other => other.PolicyHash == hash)).Value;

    public static string Allow(string sid, string action, string resource, string? conditions = null) => Statement("Allow", sid, action, resource, conditions);

    public static string Deny(string sid, string action, string resource, string? conditions = null) => Statement("Deny", sid, action, resource, conditions);

    public static string Statement(string effect, string sid, string action, string resource, string? conditions = null) =>
        $$"""{"sid":"{{sid}}","effect":"{{effect}}","actions":["{{action}}"],"resources":["{{resource}}"]{{(conditions is null ? "" : $",\"conditions\":{{{conditions}}}")}}}""";
}
