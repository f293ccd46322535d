using System.Text.RegularExpressions;

namespace ClawPdp.Architecture.Tests;

/// <summary>The problem codes of the audit stand in its code and in the documentation: they must be the same.</summary>
public sealed partial class ProblemCodeTests
{
    [Fact]
    public void Documentation_NamesEveryProblemCodeAndNoOther()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "audit.md"));
        var table = page[page.IndexOf("## Problem codes", StringComparison.Ordinal)..];
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "ClawPdp.Audit"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText));
        source += File.ReadAllText(Path.Combine(Repository.Root, "src", "ClawPdp.Server", "Cli", "WholeLogQuestion.cs"));
        string[] others = ["ALLOW", "Z"];

        Assert.Equal(Quoted().Matches(source).Select(static match => match.Groups["code"].Value).Except(others).Distinct().Order(), Ticked().Matches(table).Select(static match => match.Groups["code"].Value).Order());
    }

    [GeneratedRegex("\"(?<code>[A-Z]+(_[A-Z]+)*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("`(?<code>[A-Z]+(_[A-Z]+)*)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ticked();
}
