using System.Globalization;
using ClawPdp.Authoring.Analysis.Names;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>Values that tell apart conditions on numbers, truth values and addresses: more than one of each kind, as one may be named by its text as well.</summary>
internal static class TypedValues
{
    /// <summary>Gives the values.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<PolicyCondition> conditions)
    {
        var numbers = conditions.Where(static condition => condition.Operator is ConditionOperator.NumericEquals or ConditionOperator.NumericLessThan or ConditionOperator.NumericGreaterThan)
            .Select(static condition => PolicyNumber.TryParse(condition.Expected, out var number) ? number : 0)
            .Distinct().Order().ToList();
        var flags = conditions.Any(static condition => condition.Operator == ConditionOperator.Bool) ? (string[])["true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "fALSE"] : [];
        var networks = conditions.Where(static condition => condition.Operator == ConditionOperator.IpAddress)
            .Select(static condition => IpNetwork.TryParseMasked(condition.Expected, out var network) ? network : default)
            .ToList();
        var addresses = networks.Count == 0 ? [] : AddressWitnesses.Of(networks).SelectMany(Spellings);
        return Numbers(numbers).Where(static text => PolicyNumber.TryParse(text, out _)).Concat(flags).Concat(addresses);
    }

    private static IEnumerable<string> Numbers(List<decimal> numbers)
    {
        for (var index = 0; index < numbers.Count; index++)
        {
            var number = numbers[index];
            var text = number.ToString(CultureInfo.InvariantCulture);
            yield return text;
            yield return text.Contains('.', StringComparison.Ordinal) ? text + "0" : text + ".0";
            yield return text.Contains('.', StringComparison.Ordinal) ? text + "00" : text + ".00";
            if (index == 0)
            {
                yield return Text(number - 1);
                yield return Text(number - 2);
            }

            var gap = index + 1 < numbers.Count ? numbers[index + 1] - number : 4;
            yield return Text(number + (gap / 2));
            yield return Text(number + (gap / 4));
        }
    }

    private static string Text(decimal number) => number.ToString("0.#########", CultureInfo.InvariantCulture);

    // Two spellings of each address.
    private static IEnumerable<string> Spellings(IpAddress address) =>
        address.IsV6 ? [address.ToString(), address.ToString()[1..^1]] : [address.ToString(), $"::ffff:{address}"];
}
