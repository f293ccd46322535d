using System.Collections.Immutable;
using ClawPdp.Authoring.Sources;

namespace ClawPdp.Authoring.Testing;

/// <summary>Runs test files.</summary>
public static class PolicyTestRun
{
    /// <summary>Runs every well-formed file; what is wrong with the others is in the report.</summary>
    /// <param name="paths">Folders and files.</param>
    /// <param name="filter">Only cases whose name holds this text, in any letter case; <see langword="null"/> for all.</param>
    public static PolicyTestReport Run(IEnumerable<string> paths, string? filter)
    {
        var faults = new List<FileFault>();
        var files = new List<string>();
        var loader = new TestSuiteLoader(faults, files);
        var suites = PolicyTestFiles.Find(paths, faults).Select(loader.Load).OfType<PolicyTestSuite>().ToList();
        var coverage = new CoverageCount();
        using var engine = new PolicyTestEngine();
        var results = ImmutableArray.CreateBuilder<(PolicyTestSuite Suite, ImmutableArray<PolicyTestResult> Results)>();
        foreach (var suite in suites)
        {
            var judged = suite.Cases.Where(item => filter is null || item.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))
                .SelectMany(item => suite.Targets.Select(target => engine.Judge(item, target, coverage)))
                .ToImmutableArray();
            results.Add((suite, judged));
            foreach (var target in suite.Targets)
            {
                coverage.Add(target.Chain);
            }
        }

        return new PolicyTestReport
        {
            Suites = results.ToImmutable(),
            Faults = [.. faults.Distinct()],
            Coverage = coverage.Build(),
            Files = [.. files.Distinct(StringComparer.Ordinal)],
        };
    }
}
