using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>A statement of a policy of version 2, ready to be matched. Immutable; matching allocates nothing.</summary>
public sealed class PolicyStatement
{
    internal PolicyStatement(string sid, Effect effect, ImmutableArray<SegmentGlob> actions, ImmutableArray<SegmentGlob> resources, ImmutableArray<PolicyCondition> conditions)
    {
        Sid = sid;
        Effect = effect;
        Actions = actions;
        Resources = resources;
        Conditions = conditions;
        MatchedActions = [.. actions.SelectMany(static pattern => PolicyActions.MatchedBy(pattern)).Distinct()];
    }

    /// <summary>Gets the statement's id, unique in its policy.</summary>
    public string Sid { get; }

    /// <summary>Gets what it says where it matches: <see cref="Effect.Allow"/> or <see cref="Effect.Deny"/>.</summary>
    public Effect Effect { get; }

    /// <summary>Gets the patterns for actions.</summary>
    public ImmutableArray<SegmentGlob> Actions { get; }

    /// <summary>Gets the patterns for resources.</summary>
    public ImmutableArray<SegmentGlob> Resources { get; }

    /// <summary>Gets the conditions, all of which must hold.</summary>
    public ImmutableArray<PolicyCondition> Conditions { get; }

    /// <summary>Gets the actions that its patterns mean.</summary>
    public ImmutableArray<PolicyAction> MatchedActions { get; }

    /// <summary>Tells whether the statement matches. With a trace everything is looked at, and the answer is the same.</summary>
    public bool Matches(PolicyAction action, string resource, in PolicyQuestion question, StatementTrace? trace = null)
    {
        var actionMatches = MatchedActions.Contains(action);
        if (!actionMatches && trace is null)
        {
            return false;
        }

        var matchedResource = FindResource(action, resource);
        if (matchedResource is null && trace is null)
        {
            return false;
        }

        var conditionsHold = ConditionsHold(question, trace);
        var matches = actionMatches && matchedResource is not null && conditionsHold;
        if (trace is not null)
        {
            trace.ActionMatched = actionMatches;
            trace.MatchedResource = matchedResource;
            trace.Matched = matches;
        }

        return matches;
    }

    /// <summary>
    /// Tells whether one of its resources stands for a name. A host of <see cref="GuardedHosts"/> is allowed by its own name alone; a Deny
    /// reaches it by any pattern.
    /// </summary>
    /// <param name="action">What is done with it.</param>
    /// <param name="resource">The name; of a host, its normal form without a port.</param>
    public bool NamesResource(PolicyAction action, string resource) => FindResource(action, resource) is not null;

    /// <summary>
    /// Tells whether a condition with this outcome counts as holding. What cannot be evaluated must never lead to an allow: it keeps an
    /// Allow from matching, and never a Deny.
    /// </summary>
    public bool Holds(ConditionOutcome outcome) =>
        outcome == ConditionOutcome.True || (outcome == ConditionOutcome.Unresolvable && Effect != Effect.Allow);

    private string? FindResource(PolicyAction action, string resource)
    {
        foreach (var pattern in Resources)
        {
            if (pattern.Matches(resource) && (pattern.IsExact || !IsKeptFrom(action, resource)))
            {
                return pattern.Text;
            }
        }

        return null;
    }

    private bool IsKeptFrom(PolicyAction action, string resource) =>
        Effect == Effect.Allow && action == PolicyAction.NetworkEgress && GuardedHosts.Contains(resource);

    private bool ConditionsHold(in PolicyQuestion question, StatementTrace? trace)
    {
        var hold = true;
        foreach (var condition in Conditions)
        {
            var outcome = condition.Evaluate(question);
            trace?.Conditions.Add(new ConditionTrace(condition, condition.Key.Find(question), outcome));
            hold = hold && Holds(outcome);
            if (!hold && trace is null)
            {
                return false;
            }
        }

        return hold;
    }
}
