using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>Which tools are granted: one name, or with <c>/*</c> every operation below it at any depth but not itself, or <c>*</c>.</summary>
public sealed class ToolPattern
{
    private const string BelowSuffix = "/*";

    private ToolPattern(string text) => Text = text;

    /// <summary>Gets the pattern.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether every tool is granted.</summary>
    public bool IsAny => Text is "*";

    /// <summary>Gets a value indicating whether the operations below a name are granted.</summary>
    public bool IsBelow => Text.EndsWith(BelowSuffix, StringComparison.Ordinal);

    /// <summary>Gets the name that operations are granted below, with its final slash; empty for the other kinds.</summary>
    internal string Prefix => IsBelow ? Text[..^1] : "";

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="allowWildcards">Whether <c>*</c> alone is acceptable.</param>
    public static Result<ToolPattern> Parse(string text, bool allowWildcards)
    {
        if (text is "*")
        {
            return allowWildcards
                ? Result.Valid(new ToolPattern(text))
                : Result.Invalid<ToolPattern>("", "`*` grants every tool and is not allowed here");
        }

        var name = text.EndsWith(BelowSuffix, StringComparison.Ordinal) ? text.AsSpan(0, text.Length - BelowSuffix.Length) : text;
        return text.Length <= NameCharacters.SizeMaxBytes && ToolName.IsValid(name)
            ? Result.Valid(new ToolPattern(text))
            : Result.Invalid<ToolPattern>("", "not a tool name, nor one followed by `/*`");
    }

    /// <summary>Tells whether a tool is granted.</summary>
    public bool Matches(ToolName tool) => IsAny
        || (IsBelow ? tool.Text.StartsWith(Prefix, StringComparison.Ordinal) : string.Equals(tool.Text, Text, StringComparison.Ordinal));

    /// <summary>Tells whether everything that another pattern grants is granted by this one.</summary>
    public bool Covers(ToolPattern inner) => IsAny
        || string.Equals(Text, inner.Text, StringComparison.Ordinal)
        || (IsBelow && !inner.IsAny && inner.Text.StartsWith(Prefix, StringComparison.Ordinal));
}
