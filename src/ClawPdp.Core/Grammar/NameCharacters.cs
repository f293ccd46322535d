using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>The characters that tool and model names are made of.</summary>
internal static class NameCharacters
{
    /// <summary>The longest name or pattern, in bytes of UTF-8.</summary>
    public const int SizeMaxBytes = 256;

    /// <summary>
    /// Tells whether a text is 1 to 256 bytes of printable characters. White space, controls, invisible characters
    /// (bidirectional marks, joiners, fillers, variation selectors), private-use and unassigned code points and unpaired
    /// surrogates are not: two names that look alike must not differ in something unseen. Names are not normalised, but
    /// compared by code point: another spelling of an accented letter is another name, which no grant of the first includes.
    /// </summary>
    public static bool AreValid(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > SizeMaxBytes)
        {
            return false;
        }

        if (!text.ContainsAnyExceptInRange('!', '~'))
        {
            return true;
        }

        var size = 0;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != System.Buffers.OperationStatus.Done || !IsPrintable(rune))
            {
                return false;
            }

            size += rune.Utf8SequenceLength;
            text = text[consumed..];
        }

        return size <= SizeMaxBytes;
    }

    private static bool IsPrintable(Rune rune) => !IsIgnorable(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);

    // Default_Ignorable_Code_Point of the Unicode Character Database where the category alone does not tell, and the blank
    // braille pattern: all of them are drawn as nothing.
    private static bool IsIgnorable(int value) => value is 0x34F
        or 0x115F or 0x1160 or 0x3164 or 0xFFA0
        or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F)
        or 0x2800
        or (>= 0xFE00 and <= 0xFE0F)
        or (>= 0xE0000 and <= 0xE0FFF);
}
