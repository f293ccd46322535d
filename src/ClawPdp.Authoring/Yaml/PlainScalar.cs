using System.Globalization;
using ClawPdp.Core.Json;

namespace ClawPdp.Authoring.Yaml;

/// <summary>
/// What a text without quotes means: <c>null</c>, <c>true</c>, <c>false</c> and the numbers of JSON are what they are in JSON. Other spellings
/// that the core schema of YAML 1.2 (section 10.3.2) takes for a null, boolean or number are refused, as readers differ. All else is a string,
/// <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c> and dates included.
/// </summary>
internal static class PlainScalar
{
    /// <summary>Gives the value; <see langword="null"/> with a message when the text is not acceptable without quotes.</summary>
    public static JsonValue? Read(string text, out string? message)
    {
        message = null;
        switch (text)
        {
            case "null":
                return JsonValue.Null;
            case "true" or "false":
                return JsonValue.Of(text is "true");
            case "":
                message = "a value is missing";
                return null;
            default:
                return IsNumber(text) ? ReadNumber(text, out message) : ReadText(text, out message);
        }
    }

    private static JsonValue? ReadNumber(string text, out string? message)
    {
        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        message = double.IsFinite(number) ? null : "the number is too large for a double";
        return message is null ? JsonValue.Of(number) : null;
    }

    private static JsonValue? ReadText(string text, out string? message)
    {
        message = IsOtherSpelling(text) ? "readers of YAML do not agree whether this is a string" : null;
        return message is null ? JsonValue.Of(text) : null;
    }

    // RFC 8259 section 6: -? (0 | [1-9][0-9]*) (\. [0-9]+)? ([eE] [+-]? [0-9]+)?
    private static bool IsNumber(string text)
    {
        var rest = text.AsSpan(text[0] == '-' ? 1 : 0);
        var whole = DigitsOf(rest);
        if (whole == 0 || (whole > 1 && rest[0] == '0'))
        {
            return false;
        }

        rest = rest[whole..];
        if (rest.StartsWith("."))
        {
            var fraction = DigitsOf(rest[1..]);
            if (fraction == 0)
            {
                return false;
            }

            rest = rest[(1 + fraction)..];
        }

        return rest.IsEmpty || IsExponent(rest);
    }

    private static bool IsExponent(ReadOnlySpan<char> rest)
    {
        if (rest[0] is not ('e' or 'E'))
        {
            return false;
        }

        var digits = rest.Length > 1 && rest[1] is '+' or '-' ? rest[2..] : rest[1..];
        return digits.Length > 0 && DigitsOf(digits) == digits.Length;
    }

    // The core schema's nulls, booleans, hexadecimal, octal and decimal numbers, infinities and NaN, in any letter case, as YAML 1.1 has more.
    private static bool IsOtherSpelling(string text)
    {
        var unsigned = text[0] is '-' or '+' ? text[1..] : text;
        return text is "~"
            || IsWord(text, "null") || IsWord(text, "true") || IsWord(text, "false")
            || IsWord(unsigned, ".inf") || IsWord(text, ".nan")
            || IsDecimal(unsigned)
            || HasPrefixAndDigits(unsigned, "0x", char.IsAsciiHexDigit)
            || HasPrefixAndDigits(unsigned, "0o", static unit => unit is >= '0' and <= '7')
            || HasPrefixAndDigits(unsigned, "0b", static unit => unit is '0' or '1');
    }

    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?, and YAML 1.1's underscores between digits.
    private static bool IsDecimal(string unsigned)
    {
        var rest = unsigned.Replace("_", "", StringComparison.Ordinal).AsSpan();
        var whole = DigitsOf(rest);
        rest = rest[whole..];
        var fraction = 0;
        if (rest.StartsWith("."))
        {
            fraction = DigitsOf(rest[1..]);
            rest = rest[(1 + fraction)..];
        }

        return whole + fraction > 0 && char.IsAsciiDigit(unsigned.TrimStart('.')[0]) && (rest.IsEmpty || IsExponent(rest));
    }

    private static bool HasPrefixAndDigits(string text, string prefix, Func<char, bool> isDigit) =>
        text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && text.Skip(prefix.Length).All(isDigit);

    private static bool IsWord(string text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);

    private static int DigitsOf(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }
}
