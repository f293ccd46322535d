using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Decisions;

namespace ClawPdp.Server.Receipts;

/// <summary>Finds what the decision that a receipt names rested on. The engine looks whether that counts for the token and policy of now.</summary>
internal static class ReceiptGrounds
{
    /// <summary>Finds them; <see langword="null"/> when no decision is named, it is not on disk, or it did not allow this very action.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static DecisionGrounds? Find(LedgerStore ledger, ReceiptRequest request)
    {
        if (request.DecisionId.Length == 0
            || ledger.FindDecision(request.DecisionId) is not { TokenScopeHash: { } scopeHash, AgentDid: { } agent, PolicyHash: { } policyHash } decision
            || !ReceiptDrafts.ClaimOf(request, scopeHash).IsAllowedBy(decision, request.RunId))
        {
            return null;
        }

        return new DecisionGrounds(decision.DecidedAt, decision.ApprovalHash is not null, DecisionRecords.StatedIn(decision.StatedJson))
        {
            AgentDid = agent,
            TokenScopeHash = scopeHash,
            PolicyHash = policyHash,
            Names = ActionNames.Read(decision.Tool, decision.Model, decision.Provider, decision.Host),
        };
    }
}
