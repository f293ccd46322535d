using ClawPdp.Core.Policies;

namespace ClawPdp.Engine.Decisions;

/// <summary>
/// What an earlier decision rested on, from its record. What was done under it is judged by the same policy conditions: an action that
/// was allowed before the hour was over may be reported after it. Token, revocation, pin and scope are judged as they are now. It counts for
/// the same agent, token scope and policy alone, and for <see cref="Core.Decisions.ReportRules.GroundsAgeMax"/>; otherwise the question is judged as of now.
/// </summary>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="HasHumanApproval">Whether a human's approval was used up for it.</param>
/// <param name="Stated">What the caller stated then; <see langword="null"/> for nothing.</param>
public sealed record DecisionGrounds(DateTimeOffset DecidedAt, bool HasHumanApproval, IReadOnlyDictionary<string, string>? Stated)
{
    /// <summary>Gets the names that were asked together, which conditions see though only one of them is reported; <see langword="null"/> for none.</summary>
    public ActionNames? Names { get; init; }

    /// <summary>Gets the agent that asked.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the scope hash of the token that it asked with.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets the policy that decided.</summary>
    public required string PolicyHash { get; init; }
}
