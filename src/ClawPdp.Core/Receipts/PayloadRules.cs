using System.Buffers;
using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>The kinds of member that the public schemas use; each adds a fault where a member is not of its kind.</summary>
internal static class PayloadRules
{
    // The schemas set no upper bound: this one only keeps a text from being unbounded.
    private const int TextLengthMax = 65_536;
    private const int HashLengthMin = 8;

    private static readonly SearchValues<char> Base64UrlCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static void Text(JsonCursor? member) => member?.AsText(TextLengthMax);

    public static void AnyText(JsonCursor? member) => member?.AsText(TextLengthMax, 0);

    public static void Is(JsonCursor? member, string expected)
    {
        if (member is not null && !string.Equals(member.Value.Text, expected, StringComparison.Ordinal))
        {
            member.Refuse($"`{expected}` is expected");
        }
    }

    public static void OneOf(JsonCursor? member, ImmutableArray<string> known)
    {
        if (member is not null && (member.Value.Kind != JsonKind.String || !known.Contains(member.Value.Text, StringComparer.Ordinal)))
        {
            member.Refuse("unknown value", "one of " + string.Join(", ", known));
        }
    }

    /// <summary>Base64url characters, 8 or more, as the schemas have it.</summary>
    public static void Hash(JsonCursor? member)
    {
        var text = member?.AsText(TextLengthMax, HashLengthMin);
        if (text is not null && text.AsSpan().ContainsAnyExcept(Base64UrlCharacters))
        {
            member?.Refuse("base64url characters are expected");
        }
    }

    public static void Did(JsonCursor? member)
    {
        var text = member?.AsText(TextLengthMax);
        if (text is not null && !text.StartsWith("did:", StringComparison.Ordinal))
        {
            member?.Refuse("a DID is expected");
        }
    }

    public static void Instant(JsonCursor? member)
    {
        if (member is not null && (member.Value.Kind != JsonKind.String || !Rfc3339.TryParse(member.Value.Text, out _)))
        {
            member.Refuse("an RFC 3339 date-time is expected");
        }
    }

    public static void Amount(JsonCursor? member)
    {
        if (member is not null && (member.Value.Kind != JsonKind.Number || member.Value.Number < 0))
        {
            member.Refuse("a number of at least 0 is expected");
        }
    }

    public static void Object(JsonCursor? member)
    {
        if (member is not null && member.Value.Kind != JsonKind.Object)
        {
            member.Refuse("an object is expected");
        }
    }

    public static void Texts(JsonCursor? list)
    {
        foreach (var item in list?.AsArray(1_000) ?? [])
        {
            AnyText(item);
        }
    }
}
