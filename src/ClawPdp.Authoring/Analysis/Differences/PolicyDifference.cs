using System.Collections.Immutable;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>How the meaning of two policies differs.</summary>
/// <param name="Changes">The changes, by dimension and direction, shortest example first.</param>
/// <param name="Incomplete">What could not be looked at to the end, a sentence each; nothing means that there are no other changes.</param>
public sealed record PolicyDifference(ImmutableArray<PolicyChange> Changes, ImmutableArray<string> Incomplete)
{
    /// <summary>Gets a value indicating whether the two policies are known to mean the same.</summary>
    public bool IsNone => Changes.IsEmpty && Incomplete.IsEmpty;
}
