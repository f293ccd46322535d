using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Encoding;

/// <summary>
/// Text from elsewhere, for the eyes of people: what a terminal or browser would obey instead of showing is written out as <c>\uXXXX</c>, so
/// that no name can forge a line of ours, colour itself green or read backwards.
/// </summary>
public static class VisibleText
{
    /// <summary>Tells whether a UTF-16 unit would not be seen: a control character, a directional or other format mark, a line separator.</summary>
    public static bool IsHidden(char unit) =>
        char.IsControl(unit) || char.GetUnicodeCategory(unit) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    /// <summary>Gives the text with every hidden unit written out.</summary>
    public static string Of(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var visible = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            _ = IsHidden(unit) ? visible.Append(WrittenOut(unit)) : visible.Append(unit);
        }

        return visible.ToString();
    }

    /// <summary>Writes a unit out.</summary>
    public static string WrittenOut(char unit) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
}
