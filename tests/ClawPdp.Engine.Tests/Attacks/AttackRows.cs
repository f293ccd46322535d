using System.Reflection;
using System.Text.Json;

namespace ClawPdp.Engine.Tests.Attacks;

/// <summary>The tables in <c>tests/testdata/attacks</c>.</summary>
internal static class AttackRows
{
    private static readonly string Root =
        typeof(AttackRows).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static attribute => attribute.Key == "RepositoryRoot").Value ?? "";

    public static IReadOnlyList<JsonElement> Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "tests", "testdata", "attacks", name)));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => row.Clone())];
    }

    public static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";

    public static string? Optional(JsonElement row, string name) => row.TryGetProperty(name, out var member) ? member.GetString() : null;
}
