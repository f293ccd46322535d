using System.Collections.Immutable;
using ClawPdp.Authoring.Sources;

namespace ClawPdp.Authoring.Testing;

/// <summary>What came of a run of test files.</summary>
public sealed record PolicyTestReport
{
    /// <summary>Gets each well-formed file with its results, in the order of the files.</summary>
    public required ImmutableArray<(PolicyTestSuite Suite, ImmutableArray<PolicyTestResult> Results)> Suites { get; init; }

    /// <summary>Gets what is wrong with the files that were not run.</summary>
    public required ImmutableArray<FileFault> Faults { get; init; }

    /// <summary>Gets how far the cases reach.</summary>
    public required ImmutableArray<PolicyCoverage> Coverage { get; init; }

    /// <summary>Gets every file that was read, to be watched.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>Gets how many cases passed.</summary>
    public int PassedCount => Suites.Sum(static suite => suite.Results.Count(static result => result.HasPassed));

    /// <summary>Gets how many cases failed.</summary>
    public int FailedCount => Suites.Sum(static suite => suite.Results.Count(static result => !result.HasPassed));

    /// <summary>Gets how many statements there are.</summary>
    public int StatementCount => Coverage.Sum(static policy => policy.Statements.Length);

    /// <summary>Gets how many of them matched in some case.</summary>
    public int MatchedCount => Coverage.Sum(static policy => policy.MatchedCount);

    /// <summary>Gets the share of statements that matched, 0 to 100; 100 where there are none.</summary>
    public double CoveragePercent => StatementCount == 0 ? 100 : 100.0 * MatchedCount / StatementCount;
}
