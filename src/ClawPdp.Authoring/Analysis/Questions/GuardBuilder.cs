using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Finds what hangs on keys once the names are known.</summary>
internal sealed class GuardBuilder
{
    private readonly ImmutableArray<WorkPolicyContract> _policies;
    private readonly ImmutableArray<HostPattern> _hosts;
    private readonly bool _looksAtApproval;
    private readonly Dictionary<(PolicyAction, string), ImmutableArray<PolicyStatement>> _matching = [];

    public GuardBuilder(ImmutableArray<WorkPolicyContract> policies, ExtraNames extra, bool looksAtApproval)
    {
        _policies = policies;
        _hosts = [.. policies.OfType<WpcV1>().SelectMany(static policy => policy.Egress).Concat(extra.Hosts).Where(static host => host.Port is not null)];
        _looksAtApproval = looksAtApproval;
    }

    /// <summary>Gives a dimension that was not decided, and that a statement looks at which may match.</summary>
    public PolicyAction NextDimension(Asked asked) => asked.Actions.SelectMany(action => Matching(asked, action))
        .SelectMany(static statement => statement.Conditions)
        .Select(static condition => Dimensions.DimensionOf(condition.Key.Name))
        .FirstOrDefault(action => !asked.IsDecided(action));

    /// <summary>Gives the guards of everything that may match.</summary>
    public ImmutableArray<Guard> Build(Asked asked)
    {
        var guards = ImmutableArray.CreateBuilder<Guard>();
        foreach (var statement in asked.Actions.SelectMany(action => Matching(asked, action)).Distinct())
        {
            if (GuardOf(statement, asked) is { Atoms.IsEmpty: false } guard)
            {
                guards.Add(guard);
            }
        }

        if (asked.NameOf(PolicyAction.ModelInvoke) is not null)
        {
            guards.AddRange(_policies.OfType<WpcV1>().Where(static policy => !policy.Providers.IsEmpty)
                .Select(static policy => new Guard([new Atom(Dimensions.ProviderKey, value => value is not null && policy.Providers.Contains(value, StringComparer.Ordinal))])));
        }

        if (asked.NameOf(PolicyAction.NetworkEgress) is { } host)
        {
            guards.AddRange(_hosts.Where(pattern => NameSignature.MatchesName(pattern, host)).Select(PortGuard));
        }

        return guards.ToImmutable();
    }

    private static Guard PortGuard(HostPattern pattern)
    {
        var port = pattern.Port?.ToString(CultureInfo.InvariantCulture);
        return new Guard([new Atom(Dimensions.PortKey, value => string.Equals(value, port, StringComparison.Ordinal))]);
    }

    private static bool Holds(PolicyCondition condition, Effect effect, string? value) => condition.Evaluate(value) switch
    {
        ConditionOutcome.True => true,
        ConditionOutcome.False => false,
        _ => effect != Effect.Allow,
    };

    // What a condition sees is fixed when it looks at the names themselves, or at a dimension that is not asked.
    private static bool IsFixed(PolicyCondition condition, Asked asked, out string? value)
    {
        var action = Dimensions.DimensionOf(condition.Key.Name);
        value = action == PolicyAction.Unspecified ? null : asked.NameOf(action);
        return action != PolicyAction.Unspecified && (value is null || condition.Key.Name is not Dimensions.PortKey);
    }

    // Nothing when a condition on the names themselves fails.
    private Guard? GuardOf(PolicyStatement statement, Asked asked)
    {
        var atoms = ImmutableArray.CreateBuilder<Atom>();
        foreach (var condition in statement.Conditions)
        {
            if (IsFixed(condition, asked, out var value))
            {
                if (!Holds(condition, statement.Effect, value))
                {
                    return null;
                }
            }
            else if (_looksAtApproval || !condition.Key.IsOfApproval)
            {
                atoms.Add(new Atom(condition.Key.Name, actual => Holds(condition, statement.Effect, actual)));
            }
        }

        return new Guard(atoms.ToImmutable());
    }

    private ImmutableArray<PolicyStatement> Matching(Asked asked, PolicyAction action)
    {
        if (asked.NameOf(action) is not { } name)
        {
            return [];
        }

        if (!_matching.TryGetValue((action, name), out var matching))
        {
            matching =
            [
                .. _policies.SelectMany(static policy => policy.Statements)
                    .Where(statement => statement.MatchedActions.Contains(action) && statement.NamesResource(action, name)),
            ];
            _matching.Add((action, name), matching);
        }

        return matching;
    }
}
