using ClawPdp.Server.Overview;
using ClawPdp.Server.Telemetry;
using CsCheck;

namespace ClawPdp.Server.Tests.Telemetry;

/// <summary>What is written is read back the same, whatever stands in a label.</summary>
public sealed class MetricsTextTests
{
    private static readonly bool[] Forms = [false, true];
    private static readonly string[] Names = ["clawpdp_things_total", "clawpdp_size_bytes"];
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["ab\\\"\n {},=ä#"], 0, 8];

    private static readonly Gen<MetricPoint> Points =
        from value in Gen.OneOf(Gen.Long[0, 1L << 53].Select(static number => (double)number), Gen.Double[0, 1e6])
        from first in Texts
        from second in Texts
        select new MetricPoint(value, [first, second]);

    [Fact]
    public void Write_AnyNumbersAndLabels_AreReadBack() => Points.Array[0, 5].Sample(points =>
    {
        Metric[] metrics =
        [
            Metric.Counter("clawpdp.things", "{thing}", "Things\nof a \\ kind", () => points, "one", "two"),
            Metric.Gauge("clawpdp.size", "By", "A size", () => points, "one", "two"),
        ];
        foreach (var isOpenMetrics in Forms)
        {
            var reading = MetricsReading.Parse(MetricsText.Write(metrics, isOpenMetrics));
            foreach (var name in Names)
            {
                Assert.Equal(
                    points.Select(static point => (Math.Round(point.Value, 9), point.Labels[0], point.Labels[1])),
                    reading.All(name).Select(static sample => (Math.Round(sample.Value, 9), sample.Label("one"), sample.Label("two"))));
            }
        }
    });

    [Fact]
    public void Write_AHistogram_AddsItsBucketsUp()
    {
        var histogram = new DurationHistogram("door", SeriesNames.Of("a"), TimeProvider.System);
        histogram.Record(0, TimeSpan.FromMilliseconds(3));
        histogram.Record(0, TimeSpan.FromMicroseconds(30), new CallTrace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null));

        var text = MetricsText.Write([Metric.Histogram("clawpdp.time", "A time", histogram)], isOpenMetrics: true);

        Assert.Contains("# TYPE clawpdp_time_seconds histogram\n# UNIT clawpdp_time_seconds seconds\n", text, StringComparison.Ordinal);
        Assert.Contains("clawpdp_time_seconds_bucket{door=\"a\",le=\"0.00005\"} 1 # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\"} 0.00003 ", text, StringComparison.Ordinal);
        Assert.Contains("clawpdp_time_seconds_bucket{door=\"a\",le=\"+Inf\"} 2\nclawpdp_time_seconds_sum{door=\"a\"} 0.00303\nclawpdp_time_seconds_count{door=\"a\"} 2\n# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Plain_HasNoExemplarAndCountersWithTheirWholeName()
    {
        var histogram = new DurationHistogram(label: null, SeriesNames.Of(""), TimeProvider.System);
        histogram.Record(0, TimeSpan.Zero, new CallTrace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null));

        var text = MetricsText.Write([Metric.Histogram("clawpdp.time", "A time", histogram), Metric.Counter("clawpdp.things", "{thing}", "Things", static () => 1)], isOpenMetrics: false);

        Assert.DoesNotContain("trace_id", text, StringComparison.Ordinal);
        Assert.DoesNotContain("EOF", text, StringComparison.Ordinal);
        Assert.EndsWith("# HELP clawpdp_things_total Things\n# TYPE clawpdp_things_total counter\nclawpdp_things_total 1\n", text, StringComparison.Ordinal);
    }
}
