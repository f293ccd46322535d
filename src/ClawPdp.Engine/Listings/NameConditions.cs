using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;

namespace ClawPdp.Engine.Listings;

/// <summary>Turns what a statement says about a name into patterns that a caller can hold against names itself.</summary>
internal static class NameConditions
{
    private const string PortKey = "SideEffect:TargetPort";
    private const int PortMax = 65_535;

    /// <summary>Tells whether a condition looks at the name that is asked for, or at its port.</summary>
    public static bool IsAboutName(PolicyCondition condition, PolicyAction action) => action switch
    {
        PolicyAction.ToolExecute => condition.Key.Name is "Tool:Name",
        PolicyAction.ModelInvoke => condition.Key.Name is "Model:Name",
        PolicyAction.NetworkEgress => condition.Key.Name is "SideEffect:TargetDomain" or PortKey,
        _ => false,
    };

    /// <summary>Gives the patterns of a statement whose other conditions hold.</summary>
    public static NameCondition Of(PolicyStatement statement, PolicyAction action)
    {
        var allOf = ImmutableArray.CreateBuilder<NamePattern>();
        var noneOf = ImmutableArray.CreateBuilder<NamePattern>();
        foreach (var condition in statement.Conditions.Where(condition => IsAboutName(condition, action)))
        {
            var isNegated = condition.Operator is ConditionOperator.StringNotEquals or ConditionOperator.StringNotLike;

            // A host without a value must match what a Deny looks at, and must not match what an Allow looks at.
            var pattern = PatternOf(condition) with { MatchesWithoutValue = CanLackValue(condition) && statement.Effect == Effect.Allow == isNegated };
            (isNegated ? noneOf : allOf).Add(pattern);
        }

        return new NameCondition(
            statement.Sid,
            [.. statement.Resources.Select(static resource => NamePattern.Of(NamePatternKind.Glob, resource.Text))],
            allOf.ToImmutable(),
            noneOf.ToImmutable());
    }

    private static bool CanLackValue(PolicyCondition condition) =>
        condition.Operator == ConditionOperator.IpAddress || condition.Key.Name is PortKey;

    private static NamePattern PatternOf(PolicyCondition condition) => condition switch
    {
        { Key.Name: PortKey } => PortsOf(condition),
        { Block: { } block } => NamePattern.Of(NamePatternKind.Network, block),
        { Pattern: { } glob } => NamePattern.Of(NamePatternKind.Glob, glob.Text),
        _ => NamePattern.Of(NamePatternKind.Exact, condition.Expected),
    };

    private static NamePattern PortsOf(PolicyCondition condition)
    {
        // INVARIANT: what is compared with a port was read as a whole number without sign from 0 to 65,535.
        var port = int.Parse(condition.Expected, NumberStyles.None, CultureInfo.InvariantCulture);
        var (first, last) = condition.Operator switch
        {
            ConditionOperator.NumericLessThan => (0, port - 1),
            ConditionOperator.NumericGreaterThan => (port + 1, PortMax),
            _ => (port, port),
        };
        return first <= last
            ? new NamePattern { Kind = NamePatternKind.Ports, FirstPort = first, LastPort = last }
            : new NamePattern { Kind = NamePatternKind.Ports, FirstPort = 1, LastPort = 0 };
    }
}
