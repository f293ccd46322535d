using ClawPdp.Core.Grammar;

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

    /// <summary>Gets the model's provider; empty for none. It is compared where the decision names one, too.</summary>
    public string Provider { get; init; } = "";

    /// <summary>Gets the hash of the action's arguments, base64url; empty for none. It is compared where the decision names one, too.</summary>
    public string ArgumentsHash { get; init; } = "";

    /// <summary>Gets the envelope's type of the receipt: a decision that rests on an approval is good for one of each.</summary>
    public string ReceiptType { get; init; } = "";

    /// <summary>Tells whether a decision allowed this very action.</summary>
    /// <param name="decision">The decision as it was recorded.</param>
    /// <param name="runId">The run of the action.</param>
    public bool IsAllowedBy(DecisionRecord decision, string runId) =>
        decision.Effect is "ALLOW"
        && string.Equals(decision.TokenScopeHash, TokenScopeHash, StringComparison.Ordinal)
        && (decision.RunId is null || string.Equals(decision.RunId, runId, StringComparison.Ordinal))
        && IsAsked(Tool, decision.Tool)
        && IsAsked(Model, decision.Model)
        && (IsAsked(Host, decision.Host) || IsAsked(Host, NormalOf(decision.Host)))
        && (decision.Provider is null || IsAsked(Provider, decision.Provider))
        && (decision.ArgumentsHash is null || IsAsked(ArgumentsHash, decision.ArgumentsHash));

    private static bool IsAsked(string done, string? asked) => done.Length == 0 || string.Equals(done, asked, StringComparison.Ordinal);

    private static string? NormalOf(string? host) => HostName.TryParse(host, out var name) ? name.ToString() : null;
}
