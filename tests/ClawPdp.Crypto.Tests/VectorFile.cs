using System.Reflection;

namespace ClawPdp.Crypto.Tests;

/// <summary>The worked artefacts in <c>tests/testdata/vectors</c>.</summary>
internal static class VectorFile
{
    public static readonly string Folder = Path.Combine(
        typeof(VectorFile).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "",
        "tests",
        "testdata",
        "vectors");

    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(Folder, name));
}
