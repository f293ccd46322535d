using System.Reflection;
using ClawPdp.Fuzz;

namespace ClawPdp.Server.Tests.Attacks;

/// <summary>Every seed of the fuzz targets, every input that once broke one, and each of these cut short at every place.</summary>
public sealed class FuzzCorpusTests
{
    private const int CutSizeMax = 2_048;

    private static readonly string[] Kinds = ["seeds", "regressions"];

    public static TheoryData<string> Groups => [.. FuzzGroups.Names];

    [Theory]
    [MemberData(nameof(Groups))]
    public void Run_EachCommittedInput_IsReadOrRefused(string name)
    {
        var group = FuzzGroups.Find(name);
        var folder = Path.Combine(Root, "tests", "fuzz");
        var paths = Kinds.SelectMany(kind => Directory.EnumerateFiles(Path.Combine(folder, kind, name)).Where(static path => Path.GetFileName(path) != ".gitkeep")).ToList();
        Assert.NotNull(group);
        Assert.NotEmpty(paths);
        foreach (var path in paths)
        {
            var input = File.ReadAllBytes(path);
            group.Run(input);
            for (var length = 0; length < Math.Min(input.Length, CutSizeMax); length++)
            {
                group.Run(input.AsSpan(0, length));
            }
        }
    }

    private static string Root =>
        typeof(FuzzCorpusTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
}
