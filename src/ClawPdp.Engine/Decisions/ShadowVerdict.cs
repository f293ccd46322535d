using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Decisions;

/// <summary>What a candidate would have answered. It decides nothing.</summary>
/// <param name="PolicyHash">The candidate.</param>
/// <param name="Audience">The audience whose candidate it is; empty for that of all without their own.</param>
/// <param name="Reason">Its reason; <see cref="ReasonCode.Allowed"/> for an allow.</param>
public sealed record ShadowVerdict(string PolicyHash, string Audience, ReasonCode Reason);
