using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ClawPdp.Core.Grammar;

/// <summary>The name of a tool, with operations below it after slashes: <c>github/create_issue</c>. Case counts.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ToolName
{
    private readonly string? _text;

    private ToolName(string text) => _text = text;

    /// <summary>Gets the name.</summary>
    public string Text => _text ?? "";

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
