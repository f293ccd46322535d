namespace ClawPdp.Server.Policies;

/// <summary>What became of a policy that was to be held.</summary>
/// <param name="Held">The policy; <see langword="null"/> when it was refused.</param>
/// <param name="Existed">Whether it was held before.</param>
/// <param name="Refusal">Why not; <see langword="null"/> when it is held.</param>
internal sealed record PutOutcome(HeldPolicy? Held, bool Existed, PolicyRefusal? Refusal)
{
    /// <summary>Gets a value indicating whether the policy is held under the signature that was given; if not, another accepted one stands.</summary>
    public bool IsSignerStanding { get; init; } = true;
}
