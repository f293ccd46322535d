using ClawPdp.Core.Faults;

namespace ClawPdp.Core.Grammar;

/// <summary>Which models are granted: a name in which <c>*</c> stands for any run of characters. Case counts.</summary>
public sealed class ModelPattern
{
    private ModelPattern(string text) => Text = text;

    /// <summary>Gets the pattern.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether the pattern is one name.</summary>
    public bool IsExact => !Text.Contains('*', StringComparison.Ordinal);

    /// <summary>Reads a pattern.</summary>
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
            : Result.Valid(new ModelPattern(text));
    }

    /// <summary>Tells whether a model is granted.</summary>
    public bool Matches(ModelName model) => StarGlob.Matches(Text, model.Text, ignoreCase: false);

    /// <summary>Tells whether everything that another pattern grants is granted by this one.</summary>
    public bool Covers(ModelPattern inner) => StarGlob.Covers(Text, inner.Text);
}
