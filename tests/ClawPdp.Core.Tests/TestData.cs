using System.Reflection;

namespace ClawPdp.Core.Tests;

/// <summary>The files in <c>tests/testdata</c>.</summary>
internal static class TestData
{
    private static readonly string Folder = Path.Combine(
        typeof(TestData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "",
        "tests",
        "testdata");

    public static byte[] Vector(string name) => File.ReadAllBytes(Path.Combine(Folder, "vectors", name));
}
