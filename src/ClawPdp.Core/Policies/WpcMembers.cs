using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Policies;

/// <summary>Reads the members that policies of both versions have.</summary>
internal static class WpcMembers
{
    private const int WordLengthMax = 256;

    /// <summary>Reads a word out of a closed set.</summary>
    public static string? OneOf(JsonCursor? member, ImmutableArray<string> known)
    {
        var text = member?.AsText(WordLengthMax);
        if (text is not null && !known.Contains(text, StringComparer.Ordinal))
        {
            member?.Refuse("unknown value", "one of " + string.Join(", ", known));
        }

        return text;
    }

    /// <summary>Reads the issuer's DID.</summary>
    public static string ReadIssuer(JsonCursor? member)
    {
        var text = member?.AsText(WordLengthMax);
        if (text is not null && !text.StartsWith("did:", StringComparison.Ordinal))
        {
            member?.Refuse("a DID is expected");
        }

        return text ?? "";
    }

    /// <summary>Reads the free member, whatever is in it.</summary>
    public static void ReadMetadata(JsonCursor? member)
    {
        if (member is not null && member.Value.Kind != JsonKind.Object)
        {
            member.Refuse("an object is expected");
        }
    }
}
