using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>Reads the conditions of a statement: known operators and keys, and values that the operator can work with.</summary>
internal static class ConditionReader
{
    private const int KeyCountMax = 16;
    private const int ValueLengthMax = 512;

    private static readonly ImmutableArray<ConditionOperator> Operators =
        [.. Enum.GetValues<ConditionOperator>().Where(static operation => operation != ConditionOperator.Unspecified)];

    /// <summary>Reads the member; absent means no conditions.</summary>
    public static ImmutableArray<PolicyCondition> Read(JsonCursor? member, Effect effect)
    {
        var conditions = ImmutableArray.CreateBuilder<PolicyCondition>();
        if (member is null || !member.IsObjectOf([.. Operators.Select(static operation => operation.ToString())]))
        {
            return [];
        }

        // In the order of the text, so that what is reported reads like the policy.
        foreach (var operatorMember in member.Value.Members)
        {
            var operation = Operators.FirstOrDefault(known => string.Equals(known.ToString(), operatorMember.Name, StringComparison.Ordinal));
            if (operation != ConditionOperator.Unspecified && member.Optional(operatorMember.Name) is { } operands)
            {
                ReadOperands(operation, operands, effect, conditions);
            }
        }

        return conditions.ToImmutable();
    }

    private static void ReadOperands(ConditionOperator operation, JsonCursor operands, Effect effect, ImmutableArray<PolicyCondition>.Builder conditions)
    {
        if (operands.Value.Kind != JsonKind.Object)
        {
            operands.Refuse("an object of keys and expected values is expected");
            return;
        }

        if (operands.Value.Members.Length > KeyCountMax)
        {
            operands.Refuse($"{operands.Value.Members.Length} keys, at most {KeyCountMax} are allowed");
            return;
        }

        foreach (var operand in operands.Value.Members)
        {
            if (operands.Optional(operand.Name) is { } value && ReadOne(operation, operand.Name, value, effect) is { } condition)
            {
                conditions.Add(condition);
            }
        }
    }

    private static PolicyCondition? ReadOne(ConditionOperator operation, string name, JsonCursor value, Effect effect)
    {
        if (!ContextKey.TryParse(name, out var key))
        {
            value.Refuse("no such key", $"one of {string.Join(", ", ContextKey.FixedNames)}, or `{ContextKey.StatedPrefix}NAME` for what the caller states");
            return null;
        }

        // An empty text is a value like another.
        if (value.AsText(ValueLengthMax, lengthMin: 0) is not { } expected)
        {
            return null;
        }

        if (!MakeSense(operation, key.Kind))
        {
            value.Refuse($"`{operation}` cannot be evaluated on `{key.Name}`", HintFor(key.Kind));
            return null;
        }

        return operation switch
        {
            ConditionOperator.StringEquals or ConditionOperator.StringNotEquals => ReadText(operation, key, expected, value),
            ConditionOperator.StringLike or ConditionOperator.StringNotLike => ReadPattern(operation, key, expected, value, effect),
            ConditionOperator.Bool => ReadFlag(key, expected, value),
            ConditionOperator.IpAddress => ReadNetwork(key, expected, value),
            _ => ReadNumber(operation, key, expected, value),
        };
    }

    private static bool MakeSense(ConditionOperator operation, ContextValueKind kind) => operation switch
    {
        ConditionOperator.StringEquals or ConditionOperator.StringNotEquals => true,
        ConditionOperator.StringLike or ConditionOperator.StringNotLike => kind is ContextValueKind.Any or ContextValueKind.Name or ContextValueKind.Host,
        ConditionOperator.Bool => kind is ContextValueKind.Any or ContextValueKind.Boolean,
        ConditionOperator.IpAddress => kind is ContextValueKind.Any or ContextValueKind.Host,
        _ => kind is ContextValueKind.Any or ContextValueKind.Number,
    };

    private static string HintFor(ContextValueKind kind) => kind switch
    {
        ContextValueKind.Number => "compare its number, or StringEquals",
        ContextValueKind.Boolean => "use Bool",
        ContextValueKind.Host => "use the operators on strings, or IpAddress",
        _ => "use the operators on strings",
    };

    private static PolicyCondition ReadText(ConditionOperator operation, ContextKey key, string expected, JsonCursor value)
    {
        if (key.Kind == ContextValueKind.Number)
        {
            _ = ReadNumber(operation, key, expected, value);
        }
        else if (key.Kind == ContextValueKind.Boolean && expected is not ("true" or "false"))
        {
            value.Refuse("`true` or `false` is expected");
        }
        else if (key.Kind == ContextValueKind.Host)
        {
            if (expected.Contains('*', StringComparison.Ordinal))
            {
                value.Refuse("no host has a star in its name", "StringLike takes patterns");
            }
            else
            {
                PolicyHostPattern.Check(value, expected, allowTopLevel: true);
            }
        }

        return new PolicyCondition(operation, key, expected);
    }

    private static PolicyCondition ReadPattern(ConditionOperator operation, ContextKey key, string expected, JsonCursor value, Effect effect)
    {
        if (key.Kind == ContextValueKind.Host)
        {
            PolicyHostPattern.Check(value, expected, allowTopLevel: effect != Effect.Allow || operation == ConditionOperator.StringNotLike);
        }

        return new PolicyCondition(operation, key, expected, pattern: SegmentGlob.Parse(expected));
    }

    private static PolicyCondition ReadFlag(ContextKey key, string expected, JsonCursor value)
    {
        if (!PolicyFlag.TryParse(expected, out var flag))
        {
            value.Refuse("`true` or `false` is expected");
        }

        return new PolicyCondition(ConditionOperator.Bool, key, expected, flag: flag);
    }

    private static PolicyCondition ReadNetwork(ContextKey key, string expected, JsonCursor value)
    {
        if (!IpNetwork.TryParseMasked(expected, out var network))
        {
            value.Refuse("not an address or a block of addresses", "such as 10.0.0.0/8 or 2001:db8::/32; mapped addresses are written as v4");
        }

        return new PolicyCondition(ConditionOperator.IpAddress, key, expected, network: network);
    }

    private static PolicyCondition ReadNumber(ConditionOperator operation, ContextKey key, string expected, JsonCursor value)
    {
        if (!PolicyNumber.TryParse(expected, out var number))
        {
            value.Refuse("not a number", "decimal, at most 15 digits before the point and 9 after it, no exponent");
        }
        else if (key.Kind == ContextValueKind.Number && (number != decimal.Truncate(number) || number < 0 || number > key.Max))
        {
            value.Refuse($"a whole number from 0 to {key.Max} is expected");
        }
        else if (key.Kind == ContextValueKind.Number && expected.AsSpan().ContainsAny('-', '.'))
        {
            value.Refuse("a whole number without sign and point is expected");
        }

        return new PolicyCondition(operation, key, expected, number: number);
    }
}
