namespace ClawPdp.Core.Grammar;

/// <summary>What a piece of a <see cref="SegmentGlob"/> stands for.</summary>
public enum GlobElementKind
{
    /// <summary>Itself.</summary>
    Literal = 0,

    /// <summary><c>?</c>: one UTF-16 unit other than a slash.</summary>
    AnyOne = 1,

    /// <summary><c>*</c>: any run of units other than slashes.</summary>
    Run = 2,

    /// <summary><c>**</c>: any run of units other than line terminators.</summary>
    DeepRun = 3,

    /// <summary><c>**/</c> where a segment begins: zero or more whole segments, each with its slash.</summary>
    Segments = 4,
}
