using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Testing;

/// <summary>A policy under test.</summary>
/// <param name="File">Its file.</param>
/// <param name="Chain">The policy with what it inherits from.</param>
public sealed record PolicyTestTarget(string File, PolicyChain Chain);
