namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>Any well-formed text: what is stated, providers and agents.</summary>
internal sealed class TextGrammar : NameGrammar
{
    private const int InText = 1;

    private readonly bool _mayBeEmpty;

    /// <summary>Sets the bounds.</summary>
    /// <param name="mayBeEmpty">Whether the empty text is one.</param>
    /// <param name="lengthMax">The longest text, in bytes of UTF-8.</param>
    public TextGrammar(bool mayBeEmpty, int lengthMax)
    {
        _mayBeEmpty = mayBeEmpty;
        LengthMax = lengthMax;
    }

    /// <inheritdoc/>
    public override int LengthMax { get; }

    /// <inheritdoc/>
    public override string Specials => "/\n";

    /// <inheritdoc/>
    public override int Step(int state, char unit)
    {
        if (state > InText)
        {
            return char.IsLowSurrogate(unit) ? InText : Refused;
        }

        return char.IsHighSurrogate(unit) ? unit : char.IsLowSurrogate(unit) ? Refused : InText;
    }

    /// <inheritdoc/>
    public override bool IsEnd(int state) => state == InText || (_mayBeEmpty && state == Start);

    /// <inheritdoc/>
    public override bool IsName(string text) => System.Text.Encoding.UTF8.GetByteCount(text) <= LengthMax && (_mayBeEmpty || !string.IsNullOrWhiteSpace(text));
}
