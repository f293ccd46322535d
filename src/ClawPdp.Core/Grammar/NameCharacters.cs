using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Grammar;

/// <summary>The characters that tool and model names are made of.</summary>
internal static class NameCharacters
{
    /// <summary>The longest name or pattern, in bytes of UTF-8.</summary>
    public const int SizeMaxBytes = 256;

    /// <summary>
    /// Tells whether a text is 1 to 256 bytes of printable characters. White space, controls, invisible format characters
    /// (bidirectional marks, joiners), private-use and unassigned code points and unpaired surrogates are not: two names that
    /// look alike must not differ in something unseen.
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

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned);
}
