using System.Reflection;

namespace ClawPdp.Core.Tests;

/// <summary>The files in <c>tests/testdata</c>, and others of the repository.</summary>
internal static class TestData
{
    public static string Root { get; } =
        typeof(TestData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    public static byte[] Vector(string name) => File.ReadAllBytes(Path.Combine(Root, "tests", "testdata", "vectors", name));
}
