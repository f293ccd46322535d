using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using YamlDotNet.Core;

namespace ClawPdp.Authoring.Yaml;

/// <summary>
/// The characters of a YAML text. A scanner takes some of them for the end of the text or of a line, where a reader of JSON sees an ordinary
/// character or none: they could hide a statement, so they are refused before the scanner sees them.
/// </summary>
internal static class YamlText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gives the text; <see langword="null"/> with a fault when it is not one.</summary>
    public static string? Decode(ReadOnlySpan<byte> utf8, out Fault? fault)
    {
        string text;
        try
        {
            text = Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            fault = new Fault("", "the text is not UTF-8");
            return null;
        }

        fault = FindUnprintable(text);
        return fault is null ? text : null;
    }

    /// <summary>Gives the line of a place, from 1.</summary>
    public static int LineOf(Mark mark) => (int)Math.Clamp(mark.Line, 1, int.MaxValue);

    private static Fault? FindUnprintable(string text)
    {
        var line = 1;
        for (var index = 0; index < text.Length; index++)
        {
            var unit = text[index];
            if (unit == '\n')
            {
                line++;
            }
            else if (unit == '\r' && (index + 1 == text.Length || text[index + 1] != '\n'))
            {
                return new Fault("", "a carriage return without a line feed") { Line = line, Hint = "lines end with LF or CRLF" };
            }
            else if (!IsPrintable(unit))
            {
                return new Fault("", $"the character `{VisibleText.WrittenOut(unit)}` cannot stand in YAML") { Line = line, Hint = "in double quotes it may be written out like this" };
            }
        }

        return null;
    }

    // c-printable of YAML 1.2.2 section 5.1, without what YAML 1.1 took for line breaks and without byte order marks.
    // Surrogates are those of pairs, as the text was UTF-8.
    private static bool IsPrintable(char unit) => unit switch
    {
        '\t' or '\r' => true,
        '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF' => false,
        _ => unit is >= ' ' and <= '~' or >= '\u00A0',
    };
}
