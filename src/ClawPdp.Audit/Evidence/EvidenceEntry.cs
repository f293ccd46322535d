using System.Collections.Immutable;

namespace ClawPdp.Audit.Evidence;

/// <summary>An entry of the transparency log with the proof that it is there.</summary>
/// <param name="Index">Its place in the log, from 0.</param>
/// <param name="Entry">The entry's text.</param>
/// <param name="Path">The hashes from the leaf to the root, base64url.</param>
public sealed record EvidenceEntry(long Index, string Entry, ImmutableArray<string> Path);
