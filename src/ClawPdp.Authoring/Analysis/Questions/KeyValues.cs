using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Authoring.Analysis.Names;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Finds values of a key that tell all conditions on it apart.</summary>
internal sealed class KeyValues
{
    private const int StatedLengthMax = 512;
    private const int ProviderLengthMax = 64;
    private const int AgentLengthMax = 256;

    private readonly ImmutableArray<WorkPolicyContract> _policies;
    private readonly ImmutableArray<int> _ports;
    private readonly Dictionary<string, ImmutableArray<string?>> _values = new(StringComparer.Ordinal);

    public KeyValues(ImmutableArray<WorkPolicyContract> policies, ExtraNames extra)
    {
        _policies = policies;
        _ports = [.. policies.OfType<WpcV1>().SelectMany(static policy => policy.Egress).Concat(extra.Hosts).Select(static host => host.Port).OfType<int>().Distinct()];
    }

    /// <summary>Gets the keys for which there may be other values that were not found.</summary>
    public ISet<string> Incomplete { get; } = new SortedSet<string>(StringComparer.Ordinal);

    /// <summary>Gives the values, the plainest first; <see langword="null"/> is a key without one.</summary>
    public ImmutableArray<string?> Of(string key)
    {
        if (!_values.TryGetValue(key, out var values))
        {
            values = Find(key);
            _values.Add(key, values);
        }

        return values;
    }

    private static IEnumerable<string?> Numbers(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(static number => number.ToString(CultureInfo.InvariantCulture));

    private ImmutableArray<string?> Find(string key)
    {
        ImmutableArray<PolicyCondition> conditions =
        [
            .. _policies.SelectMany(static policy => policy.Statements).SelectMany(static statement => statement.Conditions)
                .Where(condition => string.Equals(condition.Key.Name, key, StringComparison.Ordinal)),
        ];
        return key switch
        {
            Dimensions.HourKey => [.. Numbers(0, 23)],
            Dimensions.DayKey => [.. Numbers(0, 6)],
            Dimensions.ApprovalKey => ["false", "true"],
            Dimensions.PortKey => [null, .. Ports(conditions)],
            Dimensions.AgentKey => [.. Texts(key, conditions, new TextGrammar(mayBeEmpty: false, AgentLengthMax))],
            Dimensions.ProviderKey => [null, .. Texts(key, conditions, new TextGrammar(mayBeEmpty: false, ProviderLengthMax))],
            _ => [null, .. Texts(key, conditions, new TextGrammar(mayBeEmpty: true, StatedLengthMax))],
        };
    }

    private IEnumerable<string?> Ports(ImmutableArray<PolicyCondition> conditions)
    {
        const int PortMax = 65_535;

        return conditions.Select(static condition => int.Parse(condition.Expected, NumberStyles.None, CultureInfo.InvariantCulture))
            .Concat(_ports)
            .Append(443)
            .SelectMany(static port => (int[])[port, port - 1, port + 1])
            .Where(static port => port is > 0 and <= PortMax)
            .Distinct()
            .Select(static port => port.ToString(CultureInfo.InvariantCulture));
    }

    private IEnumerable<string> Texts(string key, ImmutableArray<PolicyCondition> conditions, TextGrammar grammar)
    {
        var providers = string.Equals(key, Dimensions.ProviderKey, StringComparison.Ordinal) ? _policies.OfType<WpcV1>().SelectMany(static policy => policy.Providers) : [];
        var typed = conditions.Where(static condition => condition.Operator is not (ConditionOperator.StringEquals or ConditionOperator.StringNotEquals) && condition.Pattern is null).ToList();
        var patterns = conditions.Except(typed)
            .Select(static condition => condition.Pattern is { } pattern ? NamePattern.Of(pattern) : NamePattern.Of(condition.Expected))
            .Concat(providers.Select(static provider => NamePattern.Of(provider)))
            .DistinctBy(static pattern => pattern.Key, StringComparer.Ordinal)
            .ToList();
        var found = NameExplorer.Explore(patterns, grammar);

        // Which texts are numbers and match a pattern as well was not looked for.
        if (!found.IsComplete || (typed.Count > 0 && conditions.Any(static condition => condition.Pattern is { IsAny: false, IsExact: false })))
        {
            Incomplete.Add(key);
        }

        return found.Classes.Select(static item => item.Witness)
            .Append("x")
            .Append("x1")
            .Concat(TypedValues.Of(typed))
            .Where(grammar.IsName)
            .Distinct(StringComparer.Ordinal);
    }
}
