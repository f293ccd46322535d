using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>The addresses of version 4: plain dotted quads.</summary>
internal sealed class QuadGrammar : NameGrammar
{
    private const int ValueBits = 9;
    private const int LastPlace = 3;

    /// <inheritdoc/>
    public override int LengthMax => 15;

    /// <inheritdoc/>
    public override string Specials => ".0123456789";

    /// <inheritdoc/>
    public override string Favourites => "";

    // A state is the number's place, and below it the number read so far and one more, so that 0 is none.

    /// <inheritdoc/>
    public override int Step(int state, char unit)
    {
        var (place, value) = (state >> ValueBits, (state & ((1 << ValueBits) - 1)) - 1);
        if (unit == '.')
        {
            return value >= 0 && place < LastPlace ? (place + 1) << ValueBits : Refused;
        }

        var next = (Math.Max(value, 0) * 10) + (unit - '0');
        return char.IsAsciiDigit(unit) && value != 0 && next <= 255 ? (place << ValueBits) | (next + 1) : Refused;
    }

    /// <inheritdoc/>
    public override bool IsEnd(int state) => state >> ValueBits == LastPlace && (state & ((1 << ValueBits) - 1)) != 0;

    /// <inheritdoc/>
    public override bool IsName(string text) => IpAddress.TryParseV4(text, out _);
}
