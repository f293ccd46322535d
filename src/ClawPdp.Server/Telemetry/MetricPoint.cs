using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ClawPdp.Server.Telemetry;

/// <summary>One number of a metric.</summary>
/// <param name="Value">The number.</param>
/// <param name="Labels">The values of the metric's labels, in their order.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MetricPoint(double Value, ImmutableArray<string> Labels)
{
    /// <summary>Makes the number of a metric without labels.</summary>
    public static MetricPoint Of(double value) => new(value, []);

    /// <summary>Makes a number with one label.</summary>
    public static MetricPoint Of(double value, string label) => new(value, [label]);
}
