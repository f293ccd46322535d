using System.Globalization;

namespace ClawPdp.Server.Overview;

/// <summary>The metrics of a sidecar at one moment, read from their text in Prometheus' format.</summary>
internal sealed class MetricsReading
{
    private readonly Dictionary<string, List<MetricSample>> _samples = new(StringComparer.Ordinal);

    private MetricsReading()
    {
    }

    /// <summary>Reads the text. A line that is none of that format is left out.</summary>
    public static MetricsReading Parse(string text)
    {
        var reading = new MetricsReading();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#'))
        {
            if (ReadLine(line) is { } sample)
            {
                if (!reading._samples.TryGetValue(sample.Name, out var samples))
                {
                    reading._samples[sample.Name] = samples = [];
                }

                samples.Add(sample);
            }
        }

        return reading;
    }

    /// <summary>Gives every number of a name; none where it is not there.</summary>
    public IReadOnlyList<MetricSample> All(string name) => _samples.TryGetValue(name, out var samples) ? samples : [];

    /// <summary>Gives the sum of the numbers of a name; 0 where it is not there.</summary>
    public double Sum(string name) => All(name).Sum(static sample => sample.Value);

    /// <summary>Gives the sum of the numbers of a name with a label; 0 where there is none.</summary>
    public double Sum(string name, string label, string value) => All(name).Where(sample => sample.Has(label, value)).Sum(static sample => sample.Value);

    /// <summary>Gives the bound that a part of all durations keeps, by the buckets of a histogram.</summary>
    /// <param name="family">The name without its ending.</param>
    /// <param name="part">The part, such as 0.99.</param>
    /// <param name="before">An earlier reading, after which they count; <see langword="null"/> for all.</param>
    /// <returns>The bound in seconds; <see langword="null"/> when there are none.</returns>
    public double? Quantile(string family, double part, MetricsReading? before = null)
    {
        var buckets = All(family + "_bucket")
            .GroupBy(static sample => sample.Label("le"), StringComparer.Ordinal)
            .Select(bucket => (Bound: BoundOf(bucket.Key), Count: bucket.Sum(static sample => sample.Value) - (before?.Sum(family + "_bucket", "le", bucket.Key) ?? 0)))
            .OrderBy(static bucket => bucket.Bound)
            .ToList();
        var total = buckets.Count == 0 ? 0 : buckets[^1].Count;
        return total > 0 ? buckets.First(bucket => bucket.Count >= total * part).Bound : null;
    }

    private static double BoundOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var bound) ? bound : double.PositiveInfinity;

    private static MetricSample? ReadLine(string line)
    {
        var end = line.LastIndexOf(' ');
        if (end <= 0 || !double.TryParse(line[(end + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var brace = line.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? new MetricSample(line[..end], [], value) : new MetricSample(line[..brace], ReadLabels(line[(brace + 1)..end].TrimEnd('}')), value);
    }

    private static List<(string Name, string Value)> ReadLabels(string text)
    {
        var labels = new List<(string, string)>();
        var place = 0;
        while (text.IndexOf("=\"", place, StringComparison.Ordinal) is > 0 and var equals)
        {
            var name = text[place..equals].TrimStart(',');
            var value = new System.Text.StringBuilder();
            place = equals + 2;
            while (place < text.Length && text[place] != '"')
            {
                var isEscaped = text[place] == '\\' && place + 1 < text.Length;
                place += isEscaped ? 1 : 0;
                value.Append(isEscaped && text[place] == 'n' ? '\n' : text[place]);
                place++;
            }

            place++;
            labels.Add((name, value.ToString()));
        }

        return labels;
    }
}
