namespace ClawPdp.Ledger.Runs;

/// <summary>The decision that is said to have allowed an action. One that is on disk has to be about that very action.</summary>
public sealed record DecisionClaim
{
    /// <summary>Gets the decision's id.</summary>
    public required string DecisionId { get; init; }

    /// <summary>Gets the scope hash of the token, base64url.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets the tool; empty for none.</summary>
    public required string Tool { get; init; }

    /// <summary>Gets the model; empty for none.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the host; empty for none.</summary>
    public required string Host { get; init; }
}
