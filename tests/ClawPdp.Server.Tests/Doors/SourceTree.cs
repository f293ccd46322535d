using System.Reflection;

namespace ClawPdp.Server.Tests.Doors;

/// <summary>The repository that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Gets its folder.</summary>
    public static string Root { get; } = typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";
}
