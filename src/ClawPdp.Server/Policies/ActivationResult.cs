using ClawPdp.Ledger.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>What became of an activation.</summary>
/// <param name="Record">The activation, which is in force and on disk; <see langword="null"/> when it was refused.</param>
/// <param name="Epoch">The epoch after it.</param>
/// <param name="Refusal">Why not; <see langword="null"/> when it is in force.</param>
internal sealed record ActivationResult(ActivationRecord? Record, long Epoch, PolicyRefusal? Refusal);
