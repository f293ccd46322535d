using System.Reflection;
using System.Text.Json;

namespace ClawPdp.Client.Tests;

/// <summary>The vectors that every client passes.</summary>
internal static class Vectors
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryRoot, "clients", "vectors", "cases.json"))).RootElement;

    private static string RepositoryRoot => typeof(Vectors).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static item => item.Key is "RepositoryRoot").Value ?? "";

    /// <summary>Gives the names of the rows of a kind.</summary>
    public static TheoryData<string> Names(string kind) => [.. Root.GetProperty(kind).EnumerateArray().Select(static row => row.GetProperty("name").GetString() ?? "")];

    /// <summary>Gives a row.</summary>
    public static JsonElement Row(string kind, string name) => Root.GetProperty(kind).EnumerateArray().Single(row => string.Equals(row.GetProperty("name").GetString(), name, StringComparison.Ordinal));
}
