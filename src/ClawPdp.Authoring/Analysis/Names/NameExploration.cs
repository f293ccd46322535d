using System.Collections.Immutable;

namespace ClawPdp.Authoring.Analysis.Names;

/// <summary>What became of looking for every kind of name.</summary>
/// <param name="Classes">The classes that were found, each with another set of patterns; shortest witness first.</param>
/// <param name="IsComplete">Whether there are no others for certain.</param>
internal sealed record NameExploration(ImmutableArray<NameClass> Classes, bool IsComplete);
