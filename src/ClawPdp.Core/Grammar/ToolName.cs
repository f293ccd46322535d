using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Grammar;

/// <summary>The name of a tool, with operations below it after slashes: <c>github/create_issue</c>. Case counts.</summary>
public sealed class ToolName
{
    private ToolName(string text) => Text = text;

    /// <summary>Gets the name.</summary>
    public string Text { get; }

    /// <summary>Reads a name: printable, at most 256 bytes, no star, no empty, <c>.</c> or <c>..</c> segment.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ToolName? tool)
    {
        tool = text is not null && IsValid(text) ? new ToolName(text) : null;
        return tool is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal static bool IsValid(ReadOnlySpan<char> text)
    {
        if (!NameCharacters.AreValid(text) || text.Contains('*'))
        {
            return false;
        }

        foreach (var range in text.Split('/'))
        {
            if (text[range] is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
