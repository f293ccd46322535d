namespace ClawPdp.Engine.Policies;

/// <summary>The policy that is enforced, and the one that it replaced while that is still honoured.</summary>
public sealed record ActivePolicy
{
    /// <summary>Gets the policy with what it inherits from.</summary>
    public required SignedChain Current { get; init; }

    /// <summary>Gets the policy that tokens pinned to it are still answered by; <see langword="null"/> for none.</summary>
    public SignedChain? Previous { get; init; }

    /// <summary>Gets until when that is so, this instant excluded.</summary>
    public DateTimeOffset PreviousUntil { get; init; }

    /// <summary>Tells whether two answer every question of a token alike.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other one.</param>
    /// <param name="pin">The policy that the token is pinned to; an overlap is for the pinned alone.</param>
    public static bool AreAlike(ActivePolicy? left, ActivePolicy? right, string? pin) =>
        ReferenceEquals(left, right)
        || (left is not null
            && right is not null
            && string.Equals(left.Current.PolicyHash, right.Current.PolicyHash, StringComparison.Ordinal)
            && (pin is null
                || string.Equals(left.Current.PolicyHash, pin, StringComparison.Ordinal)
                || (string.Equals(left.Previous?.PolicyHash, right.Previous?.PolicyHash, StringComparison.Ordinal) && left.PreviousUntil == right.PreviousUntil)));
}
