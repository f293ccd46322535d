using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ClawPdp.Core.Grammar;

/// <summary>The name of a model, such as <c>gpt-4o</c>. Case counts.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelName
{
    private readonly string? _text;

    private ModelName(string text) => _text = text;

    /// <summary>Gets the name.</summary>
    public string Text => _text ?? "";

    /// <summary>Reads a name: printable, at most 256 bytes, no star.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelName? model)
    {
        model = text is not null && NameCharacters.AreValid(text) && !text.Contains('*', StringComparison.Ordinal) ? new ModelName(text) : null;
        return model is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
