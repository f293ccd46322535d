namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>
/// Which names there are, unit by unit: a small state tells what may follow. Units that no pattern waits for are alike to patterns, so
/// that one of them stands for all, the first acceptable of <see cref="Favourites"/>: one that may stand wherever another may.
/// </summary>
internal abstract class NameGrammar
{
    /// <summary>The state in which nothing was read.</summary>
    public const int Start = 0;

    /// <summary>The state from which no name comes.</summary>
    public const int Refused = -1;

    /// <summary>Gets the longest name, in units.</summary>
    public abstract int LengthMax { get; }

    /// <summary>Gets the units that the grammar treats in a way of their own, which are always tried.</summary>
    public abstract string Specials { get; }

    /// <summary>Gets the units that stand for all that no pattern waits for, the best first.</summary>
    public virtual string Favourites => "xabcdefghijklmnopqrstuvwyz0123456789_-ABCDEFGHIJKLMNOPQRSTUVWXYZ+=@#%$\u00E0\u00E1\u00E2\u00E3\u4E00\u4E01\u4E03\u4E07\u4E08\u4E09";

    /// <summary>Gives the state after one more unit, or <see cref="Refused"/>.</summary>
    public abstract int Step(int state, char unit);

    /// <summary>Tells whether a name may end here.</summary>
    public abstract bool IsEnd(int state);

    /// <summary>Tells whether a text is a name, as the program itself reads it.</summary>
    public abstract bool IsName(string text);
}
