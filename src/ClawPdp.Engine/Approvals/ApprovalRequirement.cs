using System.Collections.Immutable;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Engine.Approvals;

/// <summary>What a human has to approve.</summary>
public sealed record ApprovalRequirement
{
    /// <summary>Gets the hash of the action, see <see cref="Core.Policies.ActionDigest"/>.</summary>
    public required string ActionDigest { get; init; }

    /// <summary>Gets the scope hash of the token that asks.</summary>
    public required string TokenScopeHash { get; init; }

    /// <summary>Gets the hash of the policy that wants the approval.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>Gets the agent.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the run; empty for none.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the hash of the run's event that asks; empty for none.</summary>
    public string EventHash { get; init; } = "";

    /// <summary>Gets the action in words, for the approver.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets the ids of the statements that want the approval: at most 64.</summary>
    public required ImmutableArray<string> StatementIds { get; init; }

    internal ApprovedAction ToAction() => new()
    {
        AgentDid = AgentDid,
        TokenScopeHash = TokenScopeHash,
        PolicyHash = PolicyHash,
        ActionDigest = ActionDigest,
        RunId = RunId,
        EventHash = EventHash,
    };
}
