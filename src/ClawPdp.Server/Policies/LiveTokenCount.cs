using System.Collections.Immutable;

namespace ClawPdp.Server.Policies;

/// <summary>How many tokens live, and which of them an activation would strand.</summary>
/// <param name="Live">Those of the audience that were issued here and are neither expired nor revoked.</param>
/// <param name="Stranded">Those of them that are pinned to another policy.</param>
/// <param name="Groups">The stranded ones by what they are for, the most first.</param>
internal sealed record LiveTokenCount(long Live, long Stranded, ImmutableArray<StrandedGroup> Groups);
