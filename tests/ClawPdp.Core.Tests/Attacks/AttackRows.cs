using System.Text.Json;

namespace ClawPdp.Core.Tests.Attacks;

/// <summary>The tables in <c>tests/testdata/attacks</c>. Read with the framework's own reader, as ours is under test.</summary>
internal static class AttackRows
{
    public static IReadOnlyList<JsonElement> Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TestData.Root, "tests", "testdata", "attacks", name)));
        return [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(static row => row.Clone())];
    }

    public static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";
}
