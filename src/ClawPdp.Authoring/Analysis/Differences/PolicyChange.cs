using ClawPdp.Core.Policies;

namespace ClawPdp.Authoring.Analysis.Differences;

/// <summary>Questions that two policies answer differently, for the same reasons each.</summary>
/// <param name="Action">The dimension that is judged differently.</param>
/// <param name="Before">What the old policy makes of them.</param>
/// <param name="After">What the new policy makes of them.</param>
/// <param name="Example">One of the questions, a shortest.</param>
/// <param name="Witness">The same in words.</param>
/// <param name="KindCount">How many kinds of questions there are.</param>
public sealed record PolicyChange(PolicyAction Action, Side Before, Side After, PolicyQuestion Example, WitnessText Witness, int KindCount)
{
    /// <summary>Gets a value indicating whether only the reason of a denial differs.</summary>
    public bool IsOfReason => Before.Verdict == After.Verdict;
}
