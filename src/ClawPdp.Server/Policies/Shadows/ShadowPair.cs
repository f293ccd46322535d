using System.Runtime.InteropServices;
using ClawPdp.Core.Decisions;

namespace ClawPdp.Server.Policies.Shadows;

/// <summary>A way in which the answers differed.</summary>
/// <param name="Live">What the active policy answered.</param>
/// <param name="Candidate">What the candidate would have answered.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ShadowPair(ReasonCode Live, ReasonCode Candidate);
