using System.Collections.Immutable;

namespace ClawPdp.Engine.Listings;

/// <summary>What one policy lets pass: names that match one of what it allows and none of what it denies.</summary>
/// <param name="PolicyHash">The policy.</param>
/// <param name="Allow">What it allows; none lets nothing pass.</param>
/// <param name="Deny">What it denies, whatever it allows.</param>
public sealed record PolicyLimit(string PolicyHash, ImmutableArray<NameCondition> Allow, ImmutableArray<NameCondition> Deny)
{
    /// <summary>Gets a value indicating whether it can let anything pass, as far as can be told without looking into patterns.</summary>
    public bool CanPass => Allow.Length > 0 && !Deny.Any(static condition => condition.IsAlways);

    /// <summary>Gets a value indicating whether it lets everything pass.</summary>
    public bool IsNone => Deny.IsEmpty && Allow.Any(static condition => condition.IsAlways);
}
