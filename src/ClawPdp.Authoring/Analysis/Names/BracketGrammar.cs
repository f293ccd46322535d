namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>
/// What addresses of version 6 look like from afar: hexadecimal digits and colons in brackets. Not all of that are addresses: it serves to
/// find out whether a pattern could tell some of them from others.
/// </summary>
internal sealed class BracketGrammar : NameGrammar
{
    private const int InBrackets = 1;
    private const int LongEnough = 3;
    private const int Closed = 4;

    /// <inheritdoc/>
    public override int LengthMax => 41;

    /// <inheritdoc/>
    public override string Specials => "[]:0123456789abcdef";

    /// <inheritdoc/>
    public override string Favourites => "";

    /// <inheritdoc/>
    public override int Step(int state, char unit) => unit switch
    {
        '[' when state == Start => InBrackets,
        ']' when state == LongEnough => Closed,
        ':' or (>= '0' and <= '9') or (>= 'a' and <= 'f') when state is >= InBrackets and < Closed => Math.Min(state + 1, LongEnough),
        _ => Refused,
    };

    /// <inheritdoc/>
    public override bool IsEnd(int state) => state == Closed;

    /// <inheritdoc/>
    public override bool IsName(string text) => true;
}
