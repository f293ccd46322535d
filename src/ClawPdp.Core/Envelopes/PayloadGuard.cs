using ClawPdp.Core.Json;

namespace ClawPdp.Core.Envelopes;

/// <summary>
/// Finds what would make a payload hash differently elsewhere: ECMAScript enumerates names that look like array indexes
/// first and treats <c>__proto__</c> apart, so nothing with such a name is ever signed.
/// </summary>
public static class PayloadGuard
{
    /// <summary>Gives the first name that must not be signed; <see langword="null"/> when there is none.</summary>
    public static string? FindUnsafeName(JsonValue value)
    {
        foreach (var member in value.Members)
        {
            if (JsonWriter.IsArrayIndex(member.Name) || string.Equals(member.Name, "__proto__", StringComparison.Ordinal))
            {
                return member.Name;
            }

            if (FindUnsafeName(member.Value) is { } inner)
            {
                return inner;
            }
        }

        return value.Items.IsEmpty ? null : value.Items.Select(FindUnsafeName).FirstOrDefault(static name => name is not null);
    }
}
