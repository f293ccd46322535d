using ClawPdp.Core.Grammar;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>The names of hosts in normal form; addresses are not among them.</summary>
internal sealed class HostGrammar : NameGrammar
{
    private const int HyphenBit = 16;
    private const int LengthShift = 5;
    private const int LabelLengthMax = 63;

    private const int Digits = 1;
    private const int Zero = 2;
    private const int Hex = 3;
    private const int X = 4;
    private const int Xn = 5;
    private const int XnHyphen = 6;
    private const int Coded = 7;
    private const int Plain = 8;

    private readonly bool _countsLabels;

    /// <summary>Makes the grammar.</summary>
    /// <param name="countsLabels">
    /// Whether the length of a label is part of the state. Without it, a name that comes out too long is found out by
    /// <see cref="IsName"/>; with it there are 63 times as many states.
    /// </param>
    public HostGrammar(bool countsLabels) => _countsLabels = countsLabels;

    /// <inheritdoc/>
    public override int LengthMax => 253;

    /// <inheritdoc/>
    public override string Specials => ".";

    // Letters first: one that is neither a hexadecimal digit nor part of `xn--` may stand wherever a digit or a hyphen may.

    /// <inheritdoc/>
    public override string Favourites => "hostwyzgijklmpqruvabcdef_xn0123456789-";

    /// <inheritdoc/>
    public override int Step(int state, char unit)
    {
        var (kind, isAfterHyphen, length) = (state & (HyphenBit - 1), (state & HyphenBit) != 0, state >> LengthShift);
        if (unit == '.')
        {
            return kind == Start || isAfterHyphen ? Refused : Start;
        }

        if (!(char.IsAsciiLetterLower(unit) || char.IsAsciiDigit(unit) || unit is '-' or '_') || (kind == Start && unit == '-') || length == LabelLengthMax)
        {
            return Refused;
        }

        return Next(kind, unit) | (unit == '-' ? HyphenBit : 0) | (_countsLabels ? (length + 1) << LengthShift : 0);
    }

    /// <inheritdoc/>
    public override bool IsEnd(int state) => (state & (HyphenBit - 1)) is X or Xn or XnHyphen or Coded or Plain && (state & HyphenBit) == 0;

    /// <inheritdoc/>
    public override bool IsName(string text) => HostName.TryParse(text, out var host) && !host.Value.IsAddress && string.Equals(host.Value.Name, text, StringComparison.Ordinal);

    private static int Next(int kind, char unit) => (kind, unit) switch
    {
        (Start, '0') => Zero,
        (Start, 'x') => X,
        (Start or Digits or Zero, >= '0' and <= '9') => Digits,
        (Zero, 'x') => Hex,
        (Hex, (>= '0' and <= '9') or (>= 'a' and <= 'f')) => Hex,
        (X, 'n') => Xn,
        (Xn, '-') => XnHyphen,
        (XnHyphen, '-') => Coded,
        (Coded, _) => Coded,
        _ => Plain,
    };
}
