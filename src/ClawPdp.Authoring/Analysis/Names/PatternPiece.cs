namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>A position of a pattern.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Unit">The unit that it waits for; otherwise NUL.</param>
internal readonly record struct PatternPiece(PieceKind Kind, char Unit = '\0');
