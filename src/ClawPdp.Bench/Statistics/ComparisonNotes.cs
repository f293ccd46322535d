using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Bench.Results;

namespace ClawPdp.Bench.Statistics;

/// <summary>Says what a reader must know before believing a comparison.</summary>
internal static class ComparisonNotes
{
    private const int RoundsWanted = 5;

    private static readonly (string Name, Func<RunReport, object?> Read)[] Alike =
    [
        ("processor, cores or kernel", static run => run.Machine),
        ("loop", static run => run.Options.Loop),
        ("rate", static run => run.Options.Rate),
        ("connections", static run => run.Options.Connections),
        ("callers", static run => run.Options.Callers),
        ("questions per call", static run => run.Options.QuestionsPerCall),
        ("in flight", static run => run.Options.InFlight),
        ("tokens", static run => run.Options.Tokens),
        ("cold", static run => run.Options.Cold),
        ("proofs", static run => run.Options.Proofs),
        ("deny share", static run => run.Options.DenyShare),
    ];

    public static ImmutableArray<string> Of(IReadOnlyList<RunReport> sideA, IReadOnlyList<RunReport> sideB, bool isByRound)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.AddRange(MarksOf("A", sideA));
        notes.AddRange(MarksOf("B", sideB));
        var all = sideA.Concat(sideB).ToArray();
        notes.AddRange(Alike.Where(item => all.Select(item.Read).Distinct().Count() > 1).Select(static item => $"not alike: {item.Name}"));
        if (!isByRound)
        {
            notes.Add("one run a side: the interval says how much the times vary within these runs, not from run to run; give several rounds in turns with --a and --b");
        }
        else if (Math.Min(sideA.Count, sideB.Count) < RoundsWanted)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"fewer than {RoundsWanted} rounds a side: the interval is wide because little is known"));
        }

        return notes.ToImmutable();
    }

    private static IEnumerable<string> MarksOf(string name, IReadOnlyList<RunReport> side) => side
        .SelectMany(static run => run.Results.Marks)
        .GroupBy(static mark => mark, StringComparer.Ordinal)
        .OrderBy(static group => group.Key, StringComparer.Ordinal)
        .Select(group => string.Create(CultureInfo.InvariantCulture, $"{name}: {group.Count()} of {side.Count} runs: {RunMarks.Meaning(group.Key)}"));
}
