using System.Collections.Immutable;

namespace ClawPdp.Audit.Evidence;

/// <summary>Where a decision stands in the batch that the log holds.</summary>
/// <param name="Sequence">The decision's record.</param>
/// <param name="Index">Its place in the batch, from 0.</param>
/// <param name="Path">The hashes from the leaf to the batch's root, base64url.</param>
public sealed record BatchPlace(long Sequence, int Index, ImmutableArray<string> Path);
