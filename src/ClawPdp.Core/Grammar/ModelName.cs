using System.Diagnostics.CodeAnalysis;

namespace ClawPdp.Core.Grammar;

/// <summary>The name of a model, such as <c>gpt-4o</c>. Case counts.</summary>
public sealed class ModelName
{
    private ModelName(string text) => Text = text;

    /// <summary>Gets the name.</summary>
    public string Text { get; }

    /// <summary>Reads a name: printable, at most 256 bytes, no star.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelName? model)
    {
        model = text is not null && NameCharacters.AreValid(text) && !text.Contains('*', StringComparison.Ordinal) ? new ModelName(text) : null;
        return model is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
