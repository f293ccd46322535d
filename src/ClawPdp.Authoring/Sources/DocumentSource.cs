using ClawPdp.Authoring.Yaml;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Authoring.Sources;

/// <summary>Reads what an author writes in JSON or YAML; every value and fault knows its line.</summary>
public static class DocumentSource
{
    /// <summary>The name of standard input, whose content tells which of the two it is.</summary>
    public const string StandardInput = "-";

    /// <summary>Reads a document.</summary>
    /// <param name="name">The file's name: YAML ends with <c>.yaml</c> or <c>.yml</c>, all else is JSON.</param>
    /// <param name="content">The file's content.</param>
    /// <param name="sizeMaxBytes">The longest that is looked at.</param>
    public static Result<JsonValue> Read(string name, ReadOnlySpan<byte> content, int sizeMaxBytes) =>
        IsYaml(name, content) ? YamlReader.Parse(content, sizeMaxBytes) : JsonReader.Parse(content, sizeMaxBytes);

    // What we read from standard input is an object: in JSON that begins with a brace.
    private static bool IsYaml(string name, ReadOnlySpan<byte> content) =>
        name is StandardInput
            ? !content.TrimStart(" \t\r\n"u8).StartsWith("{"u8)
            : name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}
