using System.Collections.Immutable;

namespace ClawPdp.Bench.Results;

/// <summary>What a comparison came to.</summary>
public sealed record ComparisonReport
{
    /// <summary>Gets the version of the form.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Gets what was drawn as one: <c>round</c> or <c>slice</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Gets a value indicating whether the sides' rounds were drawn in pairs.</summary>
    public required bool Paired { get; init; }

    /// <summary>Gets how many units side A has.</summary>
    public required int UnitsA { get; init; }

    /// <summary>Gets how many units side B has.</summary>
    public required int UnitsB { get; init; }

    /// <summary>Gets the figures: p50, p90, p99, p99.9, mean (times in nanoseconds), throughput (good calls a second).</summary>
    public required ImmutableArray<RatioReport> Figures { get; init; }

    /// <summary>Gets what a reader must know before believing it; in words, which may change.</summary>
    public required ImmutableArray<string> Notes { get; init; }
}
