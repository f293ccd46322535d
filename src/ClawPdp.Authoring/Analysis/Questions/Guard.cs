using System.Collections.Immutable;

namespace ClawPdp.Authoring.Analysis.Questions;

/// <summary>All that must be so for a statement to match once its resource does.</summary>
/// <param name="Atoms">What must be so.</param>
internal sealed record Guard(ImmutableArray<Atom> Atoms);
