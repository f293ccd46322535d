using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClawPdp.Server.Telemetry;

/// <summary>
/// Writes metrics as text: in Prometheus' own format, or as OpenMetrics 1.0 (github.com/prometheus/OpenMetrics), which has exemplars.
/// </summary>
internal sealed class MetricsText
{
    /// <summary>The content type of Prometheus' own format.</summary>
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The content type of OpenMetrics.</summary>
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    // Below this the shortest form has an exponent.
    private const double SmallMax = 1e-4;

    private readonly StringBuilder _text = new();
    private readonly bool _isOpenMetrics;

    private MetricsText(bool isOpenMetrics) => _isOpenMetrics = isOpenMetrics;

    /// <summary>Writes metrics with their numbers of now.</summary>
    /// <param name="metrics">The metrics; no two have one name.</param>
    /// <param name="isOpenMetrics">Whether to write OpenMetrics.</param>
    public static string Write(IEnumerable<Metric> metrics, bool isOpenMetrics)
    {
        var writer = new MetricsText(isOpenMetrics);
        foreach (var metric in metrics)
        {
            writer.Write(metric);
        }

        return writer._text.Append(isOpenMetrics ? "# EOF\n" : "").ToString();
    }

    /// <summary>Gives the name of a metric as Prometheus has it, such as <c>clawpdp_decision_duration_seconds</c>; that of a counter without its <c>_total</c>.</summary>
    public static string FamilyOf(Metric metric)
    {
        var name = metric.Name.Replace('.', '_');
        var unit = UnitOf(metric);
        return unit.Length == 0 || name.EndsWith("_" + unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
    }

    private static string UnitOf(Metric metric) => metric.Unit switch
    {
        "s" => "seconds",
        "By" => "bytes",
        _ => "",
    };

    private static string KindOf(Metric metric) => metric.Kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    // Whole and small numbers without an exponent, as people and some readers want them; all others so that they are read back the same.
    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsInteger(value) && Math.Abs(value) < long.MaxValue ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : Math.Abs(value) < SmallMax ? value.ToString("0.####################", CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    private void Write(Metric metric)
    {
        var family = FamilyOf(metric);
        var total = family + (metric.Kind == MetricKind.Counter ? "_total" : "");
        var head = _isOpenMetrics ? family : total;
        _text.Append("# HELP ").Append(head).Append(' ').Append(Escape(metric.Help)).Append('\n');
        _text.Append("# TYPE ").Append(head).Append(' ').Append(KindOf(metric)).Append('\n');
        if (_isOpenMetrics && UnitOf(metric) is { Length: > 0 } unit)
        {
            _text.Append("# UNIT ").Append(head).Append(' ').Append(unit).Append('\n');
        }

        foreach (var point in metric.Read())
        {
            WriteName(total, metric.Labels, point.Labels, bound: null);
            _text.Append(Number(point.Value)).Append('\n');
        }

        foreach (var series in metric.Durations?.Read() ?? [])
        {
            Write(family, metric.Labels, series);
        }
    }

    private void Write(string family, ImmutableArray<string> labels, DurationSeries series)
    {
        ImmutableArray<string> values = series.Label is { } label ? [label] : [];
        var count = 0L;
        foreach (var bucket in series.Buckets)
        {
            count += bucket.Count;
            WriteName(family + "_bucket", labels, values, Number(bucket.Bound));
            _text.Append(Number(count));
            if (_isOpenMetrics && bucket.Exemplar is { } exemplar)
            {
                _text.Append(" # {trace_id=\"").Append(exemplar.TraceId).Append("\"} ").Append(Number(exemplar.Seconds)).Append(' ')
                    .Append(Number(exemplar.At.ToUnixTimeMilliseconds() / 1e3));
            }

            _text.Append('\n');
        }

        WriteName(family + "_sum", labels, values, bound: null);
        _text.Append(Number(series.SumSeconds)).Append('\n');
        WriteName(family + "_count", labels, values, bound: null);
        _text.Append(Number(count)).Append('\n');
    }

    private void WriteName(string name, ImmutableArray<string> labels, ImmutableArray<string> values, string? bound)
    {
        var pairs = labels.Zip(values, static (label, value) => $"{label}=\"{Escape(value).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        var all = string.Join(',', bound is null ? pairs : pairs.Append($"le=\"{bound}\""));
        _text.Append(name);
        if (all.Length > 0)
        {
            _text.Append('{').Append(all).Append('}');
        }

        _text.Append(' ');
    }
}
