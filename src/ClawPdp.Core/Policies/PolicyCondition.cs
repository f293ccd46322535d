using ClawPdp.Core.Grammar;

namespace ClawPdp.Core.Policies;

/// <summary>One condition of a statement, ready to be evaluated. Immutable; evaluating allocates nothing, but for a port.</summary>
public sealed class PolicyCondition
{
    private readonly SegmentGlob? _pattern;
    private readonly decimal _number;
    private readonly IpNetwork _network;
    private readonly bool _flag;

    internal PolicyCondition(ConditionOperator operation, ContextKey key, string expected, SegmentGlob? pattern = null, decimal number = 0, IpNetwork network = default, bool flag = false)
    {
        Operator = operation;
        Key = key;
        Expected = expected;
        _pattern = pattern;
        _number = number;
        _network = network;
        _flag = flag;
    }

    /// <summary>Gets the operator.</summary>
    public ConditionOperator Operator { get; }

    /// <summary>Gets the key whose value is looked at.</summary>
    public ContextKey Key { get; }

    /// <summary>Gets what the value is compared with, as it stands in the policy.</summary>
    public string Expected { get; }

    /// <summary>Gets the pattern of StringLike and StringNotLike; otherwise <see langword="null"/>.</summary>
    public SegmentGlob? Pattern => _pattern;

    /// <summary>Gets the address or block of addresses of IpAddress, in normal form and with v6 in brackets; otherwise <see langword="null"/>.</summary>
    public string? Block => Operator == ConditionOperator.IpAddress ? _network.ToString() : null;

    /// <summary>Evaluates the condition.</summary>
    public ConditionOutcome Evaluate(in PolicyQuestion question) => Evaluate(Key.Find(question));

    /// <summary>Evaluates the condition on a value of its key; <see langword="null"/> when the key has none.</summary>
    public ConditionOutcome Evaluate(string? actual)
    {
        if (actual is null)
        {
            return ConditionOutcome.Unresolvable;
        }

        return Operator switch
        {
            ConditionOperator.StringEquals => Of(string.Equals(actual, Expected, StringComparison.Ordinal)),
            ConditionOperator.StringNotEquals => Of(!string.Equals(actual, Expected, StringComparison.Ordinal)),
            ConditionOperator.StringLike => _pattern is null ? ConditionOutcome.Unresolvable : Of(_pattern.Matches(actual)),
            ConditionOperator.StringNotLike => _pattern is null ? ConditionOutcome.Unresolvable : Of(!_pattern.Matches(actual)),
            ConditionOperator.NumericEquals => Compare(actual, static sign => sign == 0),
            ConditionOperator.NumericLessThan => Compare(actual, static sign => sign < 0),
            ConditionOperator.NumericGreaterThan => Compare(actual, static sign => sign > 0),
            ConditionOperator.Bool => PolicyFlag.TryParse(actual, out var flag) ? Of(flag == _flag) : ConditionOutcome.Unresolvable,
            ConditionOperator.IpAddress => IpAddress.TryParse(actual, out var address) ? Of(_network.Contains(address)) : ConditionOutcome.Unresolvable,
            _ => ConditionOutcome.Unresolvable,
        };
    }

    private static ConditionOutcome Of(bool holds) => holds ? ConditionOutcome.True : ConditionOutcome.False;

    private ConditionOutcome Compare(string actual, Func<int, bool> holds) =>
        PolicyNumber.TryParse(actual, out var number) ? Of(holds(number.CompareTo(_number))) : ConditionOutcome.Unresolvable;
}
