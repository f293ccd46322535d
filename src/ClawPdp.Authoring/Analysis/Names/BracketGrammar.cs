namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>
/// What addresses of version 6 look like from afar: hexadecimal digits and colons in brackets. Not all of that are addresses: it serves to
/// find out whether a pattern could tell some of them from others.
/// </summary>
internal sealed class BracketGrammar : NameGrammar
{
    private const int InBrackets = 1;
    private const int Closed = 4;

    /// <inheritdoc/>
    public override int LengthMax => 41;

    /// <inheritdoc/>
    public override string Specials => "[]:0123456789abcdef";

    /// <inheritdoc/>
    public override string Favourites => "";

    /// <inheritdoc/>
    public override int Step(int state, char unit) => (state, unit) switch
    {
        (Start, '[') => InBrackets,
        (3, ']') => Closed,
        (>= InBrackets and < Closed, ':' or (>= '0' and <= '9') or (>= 'a' and <= 'f')) => Math.Min(state + 1, 3),
        _ => Refused,
    };

    /// <inheritdoc/>
    public override bool IsEnd(int state) => state == Closed;

    /// <inheritdoc/>
    public override bool IsName(string text) => true;
}
