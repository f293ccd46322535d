using System.Xml.Linq;

namespace ClawPdp.Architecture.Tests;

public sealed class LayoutTests
{
    private const int SourceLinesMax = 300;

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["ClawPdp.Core"] = [],
        ["ClawPdp.Contracts"] = [],
        ["ClawPdp.Bench"] = ["ClawPdp.Contracts", "ClawPdp.Core"],
        ["ClawPdp.Crypto"] = ["ClawPdp.Core"],
        ["ClawPdp.Audit"] = ["ClawPdp.Crypto"],
        ["ClawPdp.Files"] = [],
        ["ClawPdp.TransparencyLog"] = ["ClawPdp.Crypto", "ClawPdp.Files"],
        ["ClawPdp.Identity"] = ["ClawPdp.Core"],
        ["ClawPdp.Ledger"] = ["ClawPdp.Core"],
        ["ClawPdp.Engine"] = ["ClawPdp.Core", "ClawPdp.Crypto"],
        ["ClawPdp.Authoring"] = ["ClawPdp.Engine"],
        ["ClawPdp.Server"] = ["ClawPdp.Audit", "ClawPdp.Authoring", "ClawPdp.Bench", "ClawPdp.Client", "ClawPdp.Contracts", "ClawPdp.Engine", "ClawPdp.Identity", "ClawPdp.Ledger", "ClawPdp.TransparencyLog"],
    };

    public static TheoryData<string> Sources => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Sources))]
    public void References_OfASourceProject_PointOneWay(string project)
    {
        var references = Projects(project).Descendants("ProjectReference").Select(static item => Path.GetFileNameWithoutExtension(item.Attribute("Include")?.Value ?? ""));

        Assert.Equal(Allowed[project], references.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sources_AreExactlyTheKnownProjects() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void Projects_NameNoVersions()
    {
        foreach (var path in Repository.SourceFiles("src", "*.csproj").Concat(Repository.SourceFiles("tests", "*.csproj")))
        {
            Assert.DoesNotContain(XDocument.Load(path).Descendants("PackageReference"), static item => item.Attribute("Version") is not null);
        }
    }

    [Fact]
    public void Solution_HoldsEveryProject()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "ClawPdp.sln"));

        foreach (var path in Repository.SourceFiles("src", "*.csproj").Concat(Repository.SourceFiles("tests", "*.csproj")))
        {
            Assert.Contains(Path.GetFileName(path), solution, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SourceFiles_SuppressNothingAndStayShort()
    {
        foreach (var path in Repository.SourceFiles("src", "*.cs"))
        {
            var lines = File.ReadAllLines(path);

            Assert.True(lines.Length <= SourceLinesMax || path.EndsWith("ReasonCode.cs", StringComparison.Ordinal), $"{path} has {lines.Length} lines");
            Assert.DoesNotContain(lines, static line => line.TrimStart().StartsWith("#pragma", StringComparison.Ordinal) || line.Contains("SuppressMessage", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Repository_NamesNoPackageHost()
    {
        Assert.Empty(Repository.SourceFiles(".", "nuget.config"));
        Assert.Empty(Repository.SourceFiles(".", ".npmrc"));
    }

    private static XDocument Projects(string project) => XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
}
