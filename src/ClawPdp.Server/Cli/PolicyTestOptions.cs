namespace ClawPdp.Server.Cli;

/// <summary>How policy tests are run and shown.</summary>
/// <param name="Paths">Folders and test files.</param>
/// <param name="Filter">Only cases whose name holds this; <see langword="null"/> for all.</param>
/// <param name="ShowsCoverage">Whether the coverage is shown.</param>
/// <param name="CoverageMin">The least coverage in percent that is good, 0 to 100.</param>
/// <param name="IsJson">Whether JSON is printed.</param>
internal sealed record PolicyTestOptions(IReadOnlyList<string> Paths, string? Filter, bool ShowsCoverage, double CoverageMin, bool IsJson);
