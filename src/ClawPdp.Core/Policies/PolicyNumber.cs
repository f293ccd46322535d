using System.Globalization;

namespace ClawPdp.Core.Policies;

/// <summary>Numbers in conditions: decimal, up to 15 digits before the point and 9 after it, so that every one is exact.</summary>
public static class PolicyNumber
{
    private const int WholeDigitsMax = 15;
    private const int FractionDigitsMax = 9;

    /// <summary>Reads a number: <c>-?(0|[1-9][0-9]*)(\.[0-9]+)?</c>, no exponent, no white space, no infinity.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        var digits = text is ['-', ..] ? text[1..] : text;
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? "0" : digits[(point + 1)..];
        return AreDigits(whole, WholeDigitsMax)
            && (whole.Length == 1 || whole[0] != '0')
            && AreDigits(fraction, FractionDigitsMax)
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool AreDigits(ReadOnlySpan<char> text, int countMax) =>
        text.Length > 0 && text.Length <= countMax && !text.ContainsAnyExceptInRange('0', '9');
}
