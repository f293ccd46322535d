using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// Labels with non-ASCII characters (RFC 5890). There are no Unicode normalisation or mapping tables in this program, so a
/// Unicode label is taken only when every version of IDNA reads it the same without them: lower-case letters of the
/// alphabets below that no mapping changes and no neighbour composes with. Any other, such as one with combining marks, is
/// written as its A-label, which has one reading.
/// </summary>
internal static class InternationalLabel
{
    /// <summary>What an A-label starts with.</summary>
    public const string Prefix = "xn--";

    private const int UpperCaseLast = 0x1EFF;
    private const int UpperPalochka = 0x4C0;

    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    // First and last code point, inclusive. Left out inside the alphabets: digraphs, the long s, the sharp s and the final
    // sigma (read differently by IDNA 2003 and 2008), and whatever has a compatibility form.
    private static readonly ImmutableArray<(int First, int Last)> StableLetters =
    [
        (0xE0, 0x132), (0x134, 0x13F), (0x141, 0x148), (0x14A, 0x17E), (0x180, 0x1BF), (0x1CD, 0x1F2), (0x1F4, 0x24F), // Latin
        (0x390, 0x3C1), (0x3C3, 0x3CE), // Greek
        (0x430, 0x52F), // Cyrillic
        (0x561, 0x586), // Armenian
        (0x5D0, 0x5EA), // Hebrew
        (0x620, 0x64A), (0x671, 0x674), (0x679, 0x6D3), // Arabic
        (0x10D0, 0x10FA), // Georgian
        (0x1200, 0x135A), // Ethiopic
        (0x1E00, 0x1E99), (0x1EA0, UpperCaseLast), // Latin with marks, Vietnamese
        (0x3005, 0x3006), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x30FC, 0x30FC), // Japanese
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF), // Ideographs
        (0xAC00, 0xD7A3), // Korean syllables
    ];

    /// <summary>Writes the A-label of a label that has a non-ASCII character, in whatever case.</summary>
    public static bool TryEncode(string label, out string encoded)
    {
        encoded = "";
        var lower = new StringBuilder(label.Length);
        foreach (var rune in label.EnumerateRunes())
        {
            if (!TryLower(rune, out var lowered))
            {
                return false;
            }

            lower.Append(lowered);
        }

        try
        {
            encoded = Mapping.GetAscii(lower.ToString());
            return encoded.StartsWith(Prefix, StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>
    /// Tells whether a lower-case A-label is well-formed: its Punycode decodes, encodes to the same again, and stands for
    /// lower-case letters, marks and digits without compatibility forms. It need not be in the subset of
    /// <see cref="TryEncode"/>, as nothing has to be guessed.
    /// </summary>
    public static bool IsValid(string label)
    {
        try
        {
            var decoded = Mapping.GetUnicode(label);
            return !Ascii.IsValid(decoded)
                && decoded[0] != '-'
                && decoded[^1] != '-'
                && decoded.EnumerateRunes().All(IsLabelCharacter)
                && string.Equals(Mapping.GetAscii(decoded), label, StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool TryLower(Rune rune, out Rune lower)
    {
        lower = Rune.ToLowerInvariant(rune);
        if (rune.IsAscii)
        {
            return Rune.IsLetterOrDigit(rune) || rune.Value == '-';
        }

        // A capital outside the alphabets above is a sign that looks like one (Kelvin, Angstrom); the capital palochka had no
        // small letter when IDNA 2003 was written and stands for itself there.
        return (lower == rune || rune.Value is <= UpperCaseLast and not UpperPalochka) && IsStable(lower);
    }

    private static bool IsStable(Rune rune)
    {
        foreach (var (first, last) in StableLetters)
        {
            if (rune.Value >= first && rune.Value <= last)
            {
                return Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter;
            }
        }

        return false;
    }

    private static bool IsLabelCharacter(Rune rune)
    {
        const int ZeroWidthNonJoiner = 0x200C;
        const int ZeroWidthJoiner = 0x200D;

        // Compatibility and presentation forms, wide forms, and mathematical letters and digits.
        if (rune.Value is (>= 0xF900 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1D7FF) or (>= 0x2F800 and <= 0x2FA1F))
        {
            return false;
        }

        return rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner or '-' || Rune.GetUnicodeCategory(rune) is
            UnicodeCategory.LowercaseLetter
            or UnicodeCategory.OtherLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark
            or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.DecimalDigitNumber;
    }
}
