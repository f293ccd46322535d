using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>
/// Turns a label with non-ASCII characters into its A-label (RFC 5890), for a safe subset: the mapping tables of UTS 46 are
/// not at hand, so every character that they might map to something else is refused instead of guessed.
/// </summary>
internal static class InternationalLabel
{
    private const string Prefix = "xn--";

    private static readonly IdnMapping Mapping = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    /// <summary>Writes the A-label of a lower-case label.</summary>
    public static bool TryEncode(string label, out string encoded)
    {
        encoded = "";
        if (!label.EnumerateRunes().All(IsStable))
        {
            return false;
        }

        try
        {
            encoded = Mapping.GetAscii(label);
            return encoded.StartsWith(Prefix, StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Tells whether a lower-case A-label is the A-label of a label in the subset: it has no other reading.</summary>
    public static bool IsValid(string label)
    {
        try
        {
            var decoded = Mapping.GetUnicode(label);
            return !string.Equals(decoded, label, StringComparison.Ordinal)
                && string.Equals(decoded.ToLowerInvariant(), decoded, StringComparison.Ordinal)
                && TryEncode(decoded, out var encoded)
                && string.Equals(encoded, label, StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Tells whether a lower-case ASCII label claims to be an A-label.</summary>
    public static bool IsReserved(string label) => label.StartsWith(Prefix, StringComparison.Ordinal);

    // Lower-case letters, syllables and ideographs that no mapping or normalisation changes. The sharp s, the final sigma and
    // the joiners read differently in the two IDNA versions; combining marks of Latin scripts have composed forms; wide,
    // presentation and mathematical forms have plain ones.
    private static bool IsStable(Rune rune)
    {
        if (rune.IsAscii)
        {
            return true;
        }

        var isPlain = rune.Value is not (0xDF or 0x3C2 or (>= 0x300 and <= 0x36F) or (>= 0x2100 and <= 0x2BFF) or (>= 0x3130 and <= 0x318F)
            or (>= 0x3200 and <= 0x33FF) or (>= 0xF900 and <= 0xFFEF) or (>= 0x1D400 and <= 0x1EEFF) or (>= 0x1F000 and <= 0x1FFFF) or >= 0x2F800);
        return isPlain && Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.LowercaseLetter => rune.Value is not (>= 0x1D00 and <= 0x1DBF) && !HasCompatibilityForm(rune.Value),
            UnicodeCategory.OtherLetter => rune.Value is not (0xAA or 0xBA or (>= 0x1100 and <= 0x11FF)),
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => true,
            UnicodeCategory.ModifierLetter => rune.Value is 0x30FC or 0x3005,
            _ => false,
        };
    }

    // Digraphs and the long s among the Latin letters, and symbol variants among the Greek ones.
    private static bool HasCompatibilityForm(int value) => value is 0x133 or 0x140 or 0x149 or 0x17F or 0x1C6 or 0x1C9 or 0x1CC or 0x1F3
        or 0x3D0 or 0x3D1 or 0x3D5 or 0x3D6 or 0x3F0 or 0x3F1 or 0x3F5 or 0x587 or (>= 0x1E9A and <= 0x1E9F) or (>= 0x1F70 and <= 0x1FFF);
}
