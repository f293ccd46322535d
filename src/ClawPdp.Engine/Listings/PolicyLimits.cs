using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Engine.Listings;

/// <summary>
/// Works out what a policy leaves of all names: conditions that are not about the name are evaluated, as they have one outcome for every
/// name, and those about the name become patterns.
/// </summary>
internal static class PolicyLimits
{
    /// <summary>Gives what each policy of a chain leaves; those that leave everything are left out.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="action">What is done with the names.</param>
    /// <param name="facts">The question without a name.</param>
    public static ImmutableArray<PolicyLimit> Of(PolicyChain chain, PolicyAction action, PolicyQuestion facts) =>
        [.. chain.Links.Select(link => Of(link, action, facts)).OfType<PolicyLimit>().Where(static limit => !limit.IsNone)];

    private static PolicyLimit? Of(WorkPolicyContract policy, PolicyAction action, PolicyQuestion facts) => policy switch
    {
        WpcV1 simple => OfLists(simple, action, facts.Provider),
        _ => new PolicyLimit(policy.PolicyHash, ConditionsOf(policy, Effect.Allow, action, facts), ConditionsOf(policy, Effect.Deny, action, facts)),
    };

    private static PolicyLimit? OfLists(WpcV1 policy, PolicyAction action, string? provider) => action switch
    {
        PolicyAction.ToolExecute => null,
        PolicyAction.ModelInvoke when policy.DemandsIdentity || !IsAllowed(policy, provider) => new PolicyLimit(policy.PolicyHash, [], []),
        PolicyAction.ModelInvoke => OfList(policy, "allowed_models", NamePatternKind.ModelV1, policy.Models),
        PolicyAction.NetworkEgress => OfList(policy, "egress_allowlist", NamePatternKind.Host, [.. policy.Egress.Select(static pattern => pattern.Text)]),
        _ => new PolicyLimit(policy.PolicyHash, [], []),
    };

    private static bool IsAllowed(WpcV1 policy, string? provider) =>
        policy.Providers.IsEmpty || (provider is not null && policy.Providers.Contains(provider, StringComparer.Ordinal));

    private static PolicyLimit? OfList(WpcV1 policy, string member, NamePatternKind kind, ImmutableArray<string> entries) => entries.IsEmpty
        ? null
        : new PolicyLimit(policy.PolicyHash, [new NameCondition(member, [.. entries.Select(entry => NamePattern.Of(kind, entry))], [], [])], []);

    private static ImmutableArray<NameCondition> ConditionsOf(WorkPolicyContract policy, Effect effect, PolicyAction action, PolicyQuestion facts) =>
        [.. policy.Statements
            .Where(statement => statement.Effect == effect && statement.MatchedActions.Contains(action) && CanMatch(statement, action, facts))
            .Select(statement => NameConditions.Of(statement, action))];

    private static bool CanMatch(PolicyStatement statement, PolicyAction action, PolicyQuestion facts) => statement.Conditions
        .Where(condition => !NameConditions.IsAboutName(condition, action))
        .All(condition => statement.Holds(condition.Evaluate(facts)));
}
