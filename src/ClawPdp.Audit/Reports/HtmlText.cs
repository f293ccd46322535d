using System.Text;
using ClawPdp.Core.Encoding;

namespace ClawPdp.Audit.Reports;

/// <summary>Builds a page. Everything but our own tags goes through <see cref="Escape"/>: names and texts come from the audited.</summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes text with everything that HTML could take for its own written out, and control characters made visible.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),

                _ when VisibleText.IsHidden(unit) => escaped.Append(VisibleText.WrittenOut(unit)),
                _ => escaped.Append(unit),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Adds markup of our own.</summary>
    public HtmlText Raw(string markup)
    {
        _text.Append(markup).Append('\n');
        return this;
    }

    /// <summary>Adds an element with text in it.</summary>
    /// <param name="tag">The element's name, with attributes of our own.</param>
    /// <param name="text">The text.</param>
    public HtmlText Element(string tag, string text)
    {
        var space = tag.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? tag : tag[..space];
        _text.Append('<').Append(tag).Append('>').Append(Escape(text)).Append("</").Append(name).Append(">\n");
        return this;
    }

    public override string ToString() => _text.ToString();
}
