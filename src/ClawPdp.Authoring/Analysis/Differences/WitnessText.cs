using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Authoring.Analysis.Questions;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>A question in words, with only those facts that matter.</summary>
public sealed class WitnessText
{
    private static readonly ImmutableArray<string> Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private WitnessText(ImmutableArray<string> names, ImmutableArray<string> conditions)
    {
        Names = names;
        Conditions = conditions;
    }

    /// <summary>Gets the names that are asked for, the one that the question is about first.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Gets what else is so, such as <c>at hour 3</c>.</summary>
    public ImmutableArray<string> Conditions { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", [.. Names, .. Conditions]);

    /// <summary>Writes a question.</summary>
    /// <param name="cell">The question.</param>
    /// <param name="matters">Gives the values of a key for which the answers are the same; nothing when they are for every value.</param>
    internal static WitnessText Of(Cell cell, Func<string, ImmutableArray<string?>> matters)
    {
        var names = cell.Asked.Names.OrderBy(pair => pair.Key == cell.Action ? 0 : 1).ThenBy(static pair => pair.Key)
            .Select(pair => pair.Value is null ? $"no {Dimensions.WordOf(pair.Key)}" : $"{Dimensions.WordOf(pair.Key)} {pair.Value}");
        var conditions = cell.Facts.Select(fact => (fact.Key, fact.Value, Same: matters(fact.Key)))
            .Where(static fact => !fact.Same.IsEmpty)
            .Select(static fact => Write(fact.Key, fact.Value, fact.Same));
        return new WitnessText([.. names], [.. conditions]);
    }

    private static string Write(string key, string? value, ImmutableArray<string?> same) => key switch
    {
        Dimensions.HourKey => same.Length == 1 ? $"at hour {value}" : $"at the hours {Ranges(same, static number => number.ToString(CultureInfo.InvariantCulture))}",
        Dimensions.DayKey => "on " + Ranges(same, static number => Days[number]),
        Dimensions.PortKey => value is null ? "without a port" : $"port {value}",
        Dimensions.ProviderKey => value is null ? "without a provider" : $"provider {value}",
        Dimensions.AgentKey => $"by agent {value}",
        _ => value is null ? $"without {key}" : $"with {key}={(value.Length == 0 ? "\"\"" : value)}",
    };

    private static string Ranges(ImmutableArray<string?> same, Func<int, string> write)
    {
        var numbers = same.Select(static text => int.Parse(text ?? "0", NumberStyles.None, CultureInfo.InvariantCulture)).Order().ToList();
        var ranges = new List<string>();
        for (var index = 0; index < numbers.Count; index++)
        {
            var first = index;
            while (index + 1 < numbers.Count && numbers[index + 1] == numbers[index] + 1)
            {
                index++;
            }

            ranges.Add(first == index ? write(numbers[first]) : $"{write(numbers[first])} to {write(numbers[index])}");
        }

        return string.Join(", ", ranges);
    }
}
