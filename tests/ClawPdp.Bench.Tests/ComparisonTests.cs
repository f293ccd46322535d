using ClawPdp.Bench.Results;
using ClawPdp.Bench.Statistics;

namespace ClawPdp.Bench.Tests;

public sealed class ComparisonTests
{
    [Fact]
    public void Compare_RunWithItself_IsOneInsideTheInterval()
    {
        var run = TestReports.Run(seed: 1);

        Assert.All(RunComparison.Compare([run], [run]).Figures, static figure =>
        {
            Assert.Equal(1, figure.Ratio);
            Assert.InRange(1, figure.Low ?? 2, figure.High ?? 0);
        });
    }

    [Fact]
    public void Compare_OneTwiceAsSlow_IsAboutTwoAndOneIsOutside()
    {
        var report = RunComparison.Compare([TestReports.Run(seed: 1)], [TestReports.Run(seed: 2, factor: 2)]);

        Assert.All(report.Figures.Where(static figure => figure.Name is not "throughput"), static figure =>
        {
            Assert.InRange(figure.Ratio ?? 0, 1.8, 2.2);
            Assert.InRange(figure.Low ?? 0, 1.5, figure.Ratio ?? 0);
            Assert.InRange(figure.High ?? 0, figure.Ratio ?? 0, 2.5);
        });
        Assert.Contains(report.Notes, static note => note.StartsWith("one run a side", StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_SidesSwapped_IsTheInverse()
    {
        var (a, b) = (TestReports.Run(seed: 3), TestReports.Run(seed: 4, factor: 1.3));

        var (there, back) = (RunComparison.Compare([a], [b]).Figures[0], RunComparison.Compare([b], [a]).Figures[0]);

        Assert.Equal(1, there.Ratio * back.Ratio ?? 0, 1e-9);
    }

    [Fact]
    public void Compare_SameFilesAgain_GivesTheSameInterval()
    {
        var (a, b) = (TestReports.Run(seed: 5), TestReports.Run(seed: 6));

        Assert.Equal(RunComparison.Compare([a], [b]).Figures, RunComparison.Compare([a], [b]).Figures);
    }

    [Fact]
    public void Compare_RoundsThatDriftTogether_AreDrawnInPairsSoThatTheDriftFallsOut()
    {
        double[] drift = [1, 1.6, 0.7, 1.3, 2, 1.1];
        RunReport[] a = [.. drift.Select(static (factor, round) => TestReports.Run(seed: 10 + round, factor: factor))];
        RunReport[] b = [.. drift.Select(static (factor, round) => TestReports.Run(seed: 20 + round, factor: factor * 1.1))];

        var paired = RunComparison.Compare(a, b);
        var unpaired = RunComparison.Compare(a, [.. b, b[0]]);

        Assert.Equal(("round", true, false), (paired.Unit, paired.Paired, unpaired.Paired));
        Assert.InRange(paired.Figures[0].Ratio ?? 0, 1.05, 1.15);
        Assert.True(Width(paired) < Width(unpaired) / 3);
        Assert.InRange(1.0, 0, paired.Figures[0].Low ?? 0);
    }

    [Fact]
    public void Compare_ManyPairsOfEqualRuns_IntervalHoldsOneAboutAsOftenAsItSays()
    {
        const int Trials = 100;
        var random = new Random(42);

        var held = Enumerable.Range(0, Trials).Count(trial =>
        {
            RunReport[] a = [.. Enumerable.Range(0, 5).Select(round => TestReports.Run(seed: (trial * 100) + round, factor: Noise(), calls: 400))];
            RunReport[] b = [.. Enumerable.Range(0, 5).Select(round => TestReports.Run(seed: (trial * 100) + 50 + round, factor: Noise(), calls: 400))];
            var median = RunComparison.Compare(a, b).Figures[0];
            return median.Low <= 1 && median.High >= 1;
        });

        Assert.InRange(held, 88, Trials);

        // What differs from run to run, and so is nowhere within a run: up to a tenth.
        double Noise() => 0.95 + (random.NextDouble() * 0.1);
    }

    [Fact]
    public void Compare_SideWithoutAGoodCall_HasNoRatio()
    {
        var none = TestReports.Run(seed: 1, calls: 0);

        Assert.All(RunComparison.Compare([TestReports.Run(seed: 1)], [none]).Figures, static figure => Assert.Equal((null, null, null), (figure.Ratio, figure.Low, figure.High)));
    }

    [Fact]
    public void Compare_UnlikeOptions_AreTold()
    {
        var (a, b) = (TestReports.Run(seed: 1), TestReports.Run(seed: 2));

        var notes = RunComparison.Compare([a], [b with { Options = b.Options with { Connections = 8 } }]).Notes;

        Assert.Contains("not alike: connections", notes);
    }

    [Fact]
    public void ReportFile_WrittenAndRead_IsTheSame()
    {
        var run = TestReports.Run(seed: 9);

        var read = ReportFile.Read(ReportFile.Write(run)).Value;

        Assert.Equal(ReportFile.Write(run), ReportFile.Write(read));
        Assert.Equal((run.Options, run.Machine, run.Histogram, run.StartedAt), (read.Options, read.Machine, read.Histogram, read.StartedAt));
        Assert.Equal(run.Slices, read.Slices);
    }

    [Theory]
    [InlineData("{", "{{")]
    [InlineData("\"format_version\": 1", "\"format_version\": 2")]
    [InlineData("\"good\":", "\"better\":")]
    [InlineData("\"count\": 500", "\"count\": 501")]
    [InlineData("HISTFAAA", "HISTFBBB")]
    public void ReportFile_ChangedAnywhere_IsRefused(string text, string other)
    {
        var file = System.Text.Encoding.UTF8.GetString(ReportFile.Write(TestReports.Run(seed: 9)));

        Assert.Contains(text, file, StringComparison.Ordinal);
        Assert.False(ReportFile.Read(System.Text.Encoding.UTF8.GetBytes(file.Replace(text, other, StringComparison.Ordinal))).IsValid);
    }

    private static double Width(ComparisonReport report) => (report.Figures[0].High ?? double.NaN) - (report.Figures[0].Low ?? double.NaN);
}
