using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Json;

/// <summary>Writes a double as ECMAScript's Number::toString does (ECMA-262 section 6.1.6.1.20), which RFC 8785 section 3.2.2.3 demands.</summary>
internal static class EcmaScriptNumber
{
    // ECMAScript writes digits in full for decimal exponents from -6 to 20, and an exponent otherwise.
    private const int PlainExponentMax = 21;
    private const int PlainExponentMin = -6;

    public static void Write(StringBuilder output, double value)
    {
        if (value == 0)
        {
            output.Append('0');
            return;
        }

        if (value < 0)
        {
            output.Append('-');
        }

        var (digits, point) = Shortest(Math.Abs(value));
        if (point > PlainExponentMax || point <= PlainExponentMin)
        {
            WriteExponent(output, digits, point - 1);
        }
        else if (point <= 0)
        {
            output.Append("0.").Append('0', -point).Append(digits);
        }
        else if (point >= digits.Length)
        {
            output.Append(digits).Append('0', point - digits.Length);
        }
        else
        {
            output.Append(digits, 0, point).Append('.').Append(digits, point, digits.Length - point);
        }
    }

    private static void WriteExponent(StringBuilder output, string digits, int exponent)
    {
        output.Append(digits[0]);
        if (digits.Length > 1)
        {
            output.Append('.').Append(digits, 1, digits.Length - 1);
        }

        output.Append('e').Append(exponent < 0 ? '-' : '+').Append(CultureInfo.InvariantCulture, $"{Math.Abs(exponent)}");
    }

    // .NET's default form has the shortest digits that read back as the same double, as ECMAScript's has; only the
    // layout differs. The value is 0.digits × 10^point.
    private static (string Digits, int Point) Shortest(double value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        var exponentAt = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = exponentAt < 0 ? text : text[..exponentAt];
        var exponent = exponentAt < 0 ? 0 : int.Parse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var pointAt = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = pointAt < 0 ? mantissa : mantissa[..pointAt];
        var all = pointAt < 0 ? mantissa : whole + mantissa[(pointAt + 1)..];
        var significant = all.TrimStart('0');
        var point = whole.Length + exponent - (all.Length - significant.Length);
        return (significant.TrimEnd('0'), point);
    }
}
