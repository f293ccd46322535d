using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ClawPdp.Bench.Results;

/// <summary>What a run came to, as the file of <c>--json</c> holds it. There is no token in it.</summary>
public sealed record RunReport
{
    /// <summary>The version of the file's form.</summary>
    public const int FormatVersionNow = 1;

    /// <summary>Gets the version of the file's form.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Gets the run's label; may be empty.</summary>
    public required string Label { get; init; }

    /// <summary>Gets when the measured part began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets the version of the tool.</summary>
    [JsonPropertyName("clawpdp_version")]
    public required string ClawPdpVersion { get; init; }

    /// <summary>Gets the machine that the tool ran on.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>Gets what was asked for.</summary>
    public required OptionsReport Options { get; init; }

    /// <summary>Gets what came out.</summary>
    public required ResultsReport Results { get; init; }

    /// <summary>Gets the run's parts in time, at most 20.</summary>
    public required ImmutableArray<SliceReport> Slices { get; init; }

    /// <summary>Gets the times of the good calls.</summary>
    public required HistogramReport Histogram { get; init; }

    /// <summary>Gets how late the tool itself sent, all calls.</summary>
    public required HistogramReport ToolLateness { get; init; }
}
