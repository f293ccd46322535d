using System.Text.Json;
using System.Text.Unicode;

namespace ClawPdp.Identity.Tokens;

/// <summary>
/// JSON objects from outside: valid UTF-8, unique member names at every depth, whole code points in every string.
/// </summary>
internal static class StrictJson
{
    private const int DepthMax = 16;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = DepthMax,
    };

    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            var parsed = JsonElement.Parse(utf8, Options);
            ReadEveryString(parsed);
            value = parsed;
            return parsed.ValueKind == JsonValueKind.Object;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Gives the member when it is a string; false when it is absent or of another type.</summary>
    public static bool TryGetString(JsonElement owner, string name, out string value)
    {
        var found = owner.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String;
        value = found ? member.GetString() ?? "" : "";
        return found;
    }

    // An escaped half of a surrogate pair is found only when a string is unescaped, and then throws.
    private static void ReadEveryString(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadEveryString(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadEveryString(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
