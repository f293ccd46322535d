using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Decisions;

/// <summary>A check that failed.</summary>
internal sealed record Refusal(ReasonCode Reason, Dimension Dimension, string Message);
