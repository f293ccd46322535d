namespace ClawPdp.Core.Grammar;

/// <summary>A piece of a <see cref="SegmentGlob"/>.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Literal">The unit that a literal stands for; otherwise NUL.</param>
public readonly record struct GlobElement(GlobElementKind Kind, char Literal);
