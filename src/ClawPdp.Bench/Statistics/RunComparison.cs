using ClawPdp.Bench.Results;

namespace ClawPdp.Bench.Statistics;

/// <summary>
/// Compares two sides, each of one run or of several rounds: the ratio of B to A with a 95 % interval. Times within a run follow each other and are
/// no independent samples, so not calls are drawn but whole rounds, or the parts of the only run where there is one a side. The standard error of
/// the ratio's logarithm comes from the bootstrap; as there are few units, it is widened by n/(n-1) and reaches as far as Student's distribution
/// says. The draws are the same every time.
/// </summary>
public static class RunComparison
{
    private const int DrawCount = 2_000;
    private const ulong Seed = 0x636c6177706470;

    /// <summary>Compares.</summary>
    /// <param name="sideA">The rounds of the side that ratios are taken to: at least one.</param>
    /// <param name="sideB">The rounds of the other side: at least one.</param>
    public static ComparisonReport Compare(IReadOnlyList<RunReport> sideA, IReadOnlyList<RunReport> sideB)
    {
        if (sideA.Count == 0 || sideB.Count == 0)
        {
            throw new ArgumentException("each side has at least one run", sideA.Count == 0 ? nameof(sideA) : nameof(sideB));
        }

        var isByRound = sideA.Count > 1 && sideB.Count > 1;
        var a = new UnitTable(UnitsOf(sideA, isByRound));
        var b = new UnitTable(UnitsOf(sideB, isByRound));

        // Rounds in turns share what the machine did at the time: drawn together, that falls out of the ratio.
        var isPaired = isByRound && a.Count == b.Count;
        var observed = (A: a.Compute(All(a.Count)), B: b.Compute(All(b.Count)));
        var errors = StandardErrors(a, b, isPaired);
        var units = Math.Min(a.Count, b.Count);
        return new ComparisonReport
        {
            FormatVersion = RunReport.FormatVersionNow,
            Unit = isByRound ? "round" : "slice",
            Paired = isPaired,
            UnitsA = a.Count,
            UnitsB = b.Count,
            Figures = [.. Figures.Names.Select((name, index) => FigureOf(name, observed.A?[index], observed.B?[index], errors?[index], units))],
            Notes = ComparisonNotes.Of(sideA, sideB, isByRound),
        };
    }

    private static RatioReport FigureOf(string name, double? a, double? b, double? error, int units)
    {
        if (a is not > 0 || b is not > 0)
        {
            return new RatioReport(name, a, b, null, null, null);
        }

        var ratio = b.Value / a.Value;
        if (error is null || units < 2)
        {
            return new RatioReport(name, a, b, ratio, null, null);
        }

        var reach = StudentT.Reach95(units - 1) * error.Value * Math.Sqrt(units / (units - 1.0));
        return new RatioReport(name, a, b, ratio, ratio * Math.Exp(-reach), ratio * Math.Exp(reach));
    }

    private static IReadOnlyList<SampleUnit> UnitsOf(IReadOnlyList<RunReport> side, bool isByRound) => isByRound
        ? [.. side.Select(static run => UnitOf(run.Histogram, run.Results.Seconds))]
        : [.. side.SelectMany(static run => run.Slices).Select(static slice => UnitOf(slice.Histogram, slice.Seconds))];

    private static SampleUnit UnitOf(HistogramReport histogram, double seconds) =>
        new(histogram.Read() ?? throw new ArgumentException("a histogram cannot be read", nameof(histogram)), seconds);

    private static double[]? StandardErrors(UnitTable a, UnitTable b, bool isPaired)
    {
        var random = new SplitMix(Seed);
        var (sums, squares, count) = (new double[Figures.Names.Length], new double[Figures.Names.Length], 0);
        for (var draw = 0; draw < DrawCount; draw++)
        {
            var drawnA = Draw(random, a.Count);
            var (figuresA, figuresB) = (a.Compute(drawnA), b.Compute(isPaired ? drawnA : Draw(random, b.Count)));
            if (figuresA is null || figuresB is null)
            {
                continue;
            }

            count++;
            for (var index = 0; index < sums.Length; index++)
            {
                var logarithm = Math.Log(figuresB[index] / figuresA[index]);
                sums[index] += logarithm;
                squares[index] += logarithm * logarithm;
            }
        }

        // A draw without a good call says nothing; where that is common, so does the interval.
        return count < DrawCount / 2 ? null : [.. sums.Select((sum, index) => Math.Sqrt(Math.Max(0, (squares[index] - (sum * sum / count)) / (count - 1))))];
    }

    private static int[] All(int count) => [.. Enumerable.Range(0, count)];

    private static int[] Draw(SplitMix random, int count)
    {
        var drawn = new int[count];
        for (var index = 0; index < count; index++)
        {
            drawn[index] = random.Below(count);
        }

        return drawn;
    }
}
