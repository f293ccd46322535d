using System.Globalization;

namespace ClawPdp.Core.Encoding;

/// <summary>Timestamps as the wire formats carry them.</summary>
public static class Rfc3339
{
    // Longer fractions than nanoseconds are legal and useless; the bound keeps parsing cheap.
    private const int TextLengthMax = 64;

    /// <summary>Writes UTC with milliseconds, <c>2026-01-01T00:00:00.123Z</c>, as ECMAScript's toISOString does.</summary>
    public static string Format(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a full date-time (RFC 3339 section 5.6): seconds and an offset are mandatory, the fraction is of any length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset instant)
    {
        instant = default;
        return text.Length <= TextLengthMax
            && HasDateTimeShape(text)
            && OffsetStart(text) is var zone
            && zone > 0
            && DateTimeOffset.TryParseExact(
                string.Concat(text[..19], ShortFraction(text[19..zone]), text[zone..]).ToUpperInvariant(),
                ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out instant);
    }

    private static bool HasDateTimeShape(ReadOnlySpan<char> text) =>
        text.Length >= 20 && text[4] == '-' && text[7] == '-' && text[10] is 'T' or 't' && text[13] == ':' && text[16] == ':';

    private static int OffsetStart(ReadOnlySpan<char> text)
    {
        if (text[^1] is 'Z' or 'z')
        {
            return IsFraction(text[19..^1]) ? text.Length - 1 : -1;
        }

        var sign = text.Length - 6;
        return sign >= 19 && text[sign] is '+' or '-' && text[^3] == ':' && IsFraction(text[19..sign]) ? sign : -1;
    }

    private static bool IsFraction(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == '.' && text.Length > 1 && !text[1..].ContainsAnyExceptInRange('0', '9'));

    // .NET reads at most seven digits; further ones are below its resolution.
    private static ReadOnlySpan<char> ShortFraction(ReadOnlySpan<char> fraction) => fraction.Length > 8 ? fraction[..8] : fraction;
}
