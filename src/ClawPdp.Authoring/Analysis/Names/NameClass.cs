namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>The names that match the same patterns.</summary>
/// <param name="Matched">Those patterns, by their place.</param>
/// <param name="Witness">One of the names, a shortest.</param>
internal sealed record NameClass(PositionSet Matched, string Witness);
