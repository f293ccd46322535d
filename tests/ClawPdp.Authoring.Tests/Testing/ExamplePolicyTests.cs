using ClawPdp.Authoring.Testing;

namespace ClawPdp.Authoring.Tests.Testing;

/// <summary>The examples of the documentation.</summary>
public sealed class ExamplePolicyTests
{
    [Fact]
    public void Examples_AllPassAndReachEveryStatement()
    {
        var report = PolicyTestRun.Run([Path.Combine(Repository.Root, "docs", "policy", "examples")], null);

        Assert.Empty(report.Faults);
        Assert.Equal(0, report.FailedCount);
        Assert.Equal(2, report.Suites.Length);
        Assert.Equal(14, report.PassedCount);
        Assert.Equal(100, report.CoveragePercent);
        Assert.Equal(9, report.StatementCount);
    }
}
