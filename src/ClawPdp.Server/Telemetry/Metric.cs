using System.Collections.Immutable;

namespace ClawPdp.Server.Telemetry;

/// <summary>One metric: what it is called, and where its numbers are.</summary>
internal sealed class Metric
{
    private readonly Func<IEnumerable<MetricPoint>> _read;

    private Metric(MetricKind kind, string name, string unit, string help, ImmutableArray<string> labels, Func<IEnumerable<MetricPoint>> read)
    {
        Kind = kind;
        Name = name;
        Unit = unit;
        Help = help;
        Labels = labels;
        _read = read;
    }

    public MetricKind Kind { get; }

    /// <summary>Gets the name as OpenTelemetry has it, such as <c>clawpdp.decisions</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the unit by UCUM: <c>s</c>, <c>By</c>, <c>1</c>, or what is counted in braces.</summary>
    public string Unit { get; }

    /// <summary>Gets what it means, on one line.</summary>
    public string Help { get; }

    /// <summary>Gets the names of the labels.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Gets the durations of a histogram; <see langword="null"/> of others.</summary>
    public DurationHistogram? Durations { get; private init; }

    /// <summary>Makes a counter.</summary>
    public static Metric Counter(string name, string unit, string help, Func<IEnumerable<MetricPoint>> read, params ImmutableArray<string> labels) =>
        new(MetricKind.Counter, name, unit, help, labels, read);

    /// <summary>Makes a counter without labels.</summary>
    public static Metric Counter(string name, string unit, string help, Func<double> read) =>
        new(MetricKind.Counter, name, unit, help, [], () => [MetricPoint.Of(read())]);

    /// <summary>Makes a gauge.</summary>
    public static Metric Gauge(string name, string unit, string help, Func<IEnumerable<MetricPoint>> read, params ImmutableArray<string> labels) =>
        new(MetricKind.Gauge, name, unit, help, labels, read);

    /// <summary>Makes a gauge without labels.</summary>
    public static Metric Gauge(string name, string unit, string help, Func<double> read) =>
        new(MetricKind.Gauge, name, unit, help, [], () => [MetricPoint.Of(read())]);

    /// <summary>Makes a histogram of durations, in seconds.</summary>
    public static Metric Histogram(string name, string help, DurationHistogram durations) =>
        new(MetricKind.Histogram, name, "s", help, durations.Labels, static () => []) { Durations = durations };

    /// <summary>Gives the numbers as they are now.</summary>
    public IEnumerable<MetricPoint> Read() => _read();
}
