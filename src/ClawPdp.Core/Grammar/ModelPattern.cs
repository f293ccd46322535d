using System.Text;
using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>Which models are granted: a name in which <c>*</c> stands for any run of characters. Case counts.</summary>
public sealed class ModelPattern
{
    private ModelPattern(string text)
    {
        Text = text;
        IsExact = !text.Contains('*', StringComparison.Ordinal);
    }

    /// <summary>Gets the pattern, each run of stars written as one.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether the pattern is one name.</summary>
    public bool IsExact { get; }

    /// <summary>Reads a pattern of 1 to 256 bytes of printable characters.</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="allowWildcards">Whether a pattern of stars alone is acceptable.</param>
    public static Result<ModelPattern> Parse(string text, bool allowWildcards)
    {
        if (!NameCharacters.AreValid(text))
        {
            return Result.Invalid<ModelPattern>("", "not a model name of 1 to 256 printable bytes");
        }

        return !allowWildcards && !text.AsSpan().ContainsAnyExcept('*')
            ? Result.Invalid<ModelPattern>("", "`*` grants every model and is not allowed here")
            : Result.Valid(new ModelPattern(Collapse(text)));
    }

    /// <summary>Tells whether a model is granted.</summary>
    public bool Matches(ModelName model) => IsExact
        ? string.Equals(Text, model.Text, StringComparison.Ordinal)
        : StarGlob.Matches(Text, model.Text, ignoreCase: false);

    /// <summary>Tells whether everything that another pattern grants is granted by this one; exact, not by text.</summary>
    public bool Covers(ModelPattern inner) => StarGlob.Covers(Text, inner.Text);

    private static string Collapse(string text)
    {
        if (!text.Contains("**", StringComparison.Ordinal))
        {
            return text;
        }

        var collapsed = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character != '*' || collapsed.Length == 0 || collapsed[^1] != '*')
            {
                collapsed.Append(character);
            }
        }

        return collapsed.ToString();
    }
}
