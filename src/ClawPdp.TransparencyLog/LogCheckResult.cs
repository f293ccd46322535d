using System.Collections.Immutable;
using ClawPdp.Core.Log;

namespace ClawPdp.TransparencyLog;

/// <summary>The verdict on a log.</summary>
/// <param name="Steps">The steps that were done, in order; the last one is the one that failed, if any did.</param>
/// <param name="Checkpoint">The checkpoint; <see langword="null"/> when none could be trusted.</param>
/// <param name="SignerDid">Who signed it; empty when none could be trusted.</param>
public sealed record LogCheckResult(ImmutableArray<LogCheckStep> Steps, Checkpoint? Checkpoint, string SignerDid)
{
    /// <summary>Gets a value indicating whether every step passed.</summary>
    public bool Holds => Steps.All(static step => step.Passed);
}
