using System.Diagnostics.CodeAnalysis;
using ClawPdp.Core.Json;

namespace ClawPdp.Server.Doors;

/// <summary>The parameters of a call of a tool in the Model Context Protocol.</summary>
internal static class McpCall
{
    /// <summary>Reads them: a name that is not empty, and arguments that are an object or absent.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">The arguments; an empty object where there are none.</param>
    public static bool TryRead(JsonValue parameters, [NotNullWhen(true)] out string? name, [NotNullWhen(true)] out JsonValue? arguments)
    {
        name = parameters.FindText("name");
        arguments = parameters.Find("arguments") ?? JsonValue.ObjectOf([]);
        return name is { Length: > 0 } && arguments.Kind == JsonKind.Object && !HasLookalike(parameters);
    }

    // Some servers read names without regard to case: what they would take for the tool must be what was asked about.
    private static bool HasLookalike(JsonValue parameters) => parameters.Members.Any(static member =>
        member.Name is not ("name" or "arguments")
            && (member.Name.Equals("name", StringComparison.OrdinalIgnoreCase) || member.Name.Equals("arguments", StringComparison.OrdinalIgnoreCase)));
}
