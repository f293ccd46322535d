using ClawPdp.Core.Decisions;

namespace ClawPdp.Engine.Decisions;

/// <summary>A check that failed.</summary>
internal sealed record Refusal(ReasonCode Reason, Dimension Dimension, string Message)
{
    /// <summary>Makes a refusal that is about no dimension in particular.</summary>
    public Refusal(ReasonCode reason, string message)
        : this(reason, Dimension.Unspecified, message)
    {
    }
}
