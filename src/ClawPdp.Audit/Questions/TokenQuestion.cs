using ClawPdp.Audit.Evidence;
using ClawPdp.Audit.Reports;
using ClawPdp.Core.Json;
using ClawPdp.Core.Tokens;

namespace ClawPdp.Audit.Questions;

/// <summary>Is the scope hash of the token the one on every receipt?</summary>
internal static class TokenQuestion
{
    public const string Id = "token";
    public const string Text = "Is every receipt bound to the token that the agent was given?";

    public static AuditAnswer Answer(AuditCase subject)
    {
        var answer = new AnswerBuilder();
        foreach (var issuance in subject.Of(RecordKinds.Issuance))
        {
            var hash = TokenScopeHash.Compute(ClaimsOf(issuance.Payload));
            answer.Show("scope hash", hash);
            if (!string.Equals(hash, issuance.Payload.FindText("token_scope_hash_b64u"), StringComparison.Ordinal))
            {
                answer.Fail("SCOPE_HASH_MISMATCH", $"the scope hash of {issuance} is not that of its claims", issuance.Sequence);
            }
        }

        foreach (var receipt in subject.Receipts)
        {
            CheckReceipt(subject, receipt, answer);
        }

        return answer.Build(Id, Text, $"{subject.Receipts.Length} receipts carry the scope hash of a token that was issued to this agent");
    }

    private static void CheckReceipt(AuditCase subject, AuditedRecord receipt, AnswerBuilder answer)
    {
        if (subject.IssuanceOf(receipt) is not { } issuance)
        {
            answer.Miss("ISSUANCE_MISSING", $"the token of {receipt} is not known", receipt.Sequence);
            return;
        }

        if (!string.Equals(receipt.Binding.FindText("token_scope_hash_b64u"), issuance.Payload.FindText("token_scope_hash_b64u"), StringComparison.Ordinal))
        {
            answer.Fail("SCOPE_HASH_MISMATCH", $"{receipt} carries another scope hash than its token", receipt.Sequence);
        }

        if (receipt.Payload.FindText("agent_did") is { } agent && !string.Equals(agent, subject.AgentDid, StringComparison.Ordinal))
        {
            answer.Fail("TOKEN_OF_ANOTHER_AGENT", $"{receipt} is of another agent", receipt.Sequence);
        }
    }

    private static CstClaims ClaimsOf(JsonValue payload) => new()
    {
        Subject = payload.FindText("sub") ?? "",
        Audience = [.. (payload.Find("aud")?.Items ?? []).Select(static item => item.Text)],
        Scope = [.. (payload.Find("scope")?.Items ?? []).Select(static item => item.Text)],
        IssuedAt = 0,
        ExpiresAt = 0,
        OwnerRef = payload.FindText("owner_ref"),
        OwnerDid = payload.FindText("owner_did"),
        ControllerDid = payload.FindText("controller_did"),
        AgentDid = payload.FindText("agent_did"),
        PolicyHash = payload.FindText("policy_hash_b64u"),
        MissionId = payload.FindText("mission_id"),
        SpendCap = payload.Find("spend_cap")?.Number,
        ControlPlanePolicyHash = payload.FindText("control_plane_policy_hash_b64u"),
        PaymentAccountDid = payload.FindText("payment_account_did"),
        DelegationId = payload.FindText("delegation_id"),
        DelegatorDid = payload.FindText("delegator_did"),
        DelegateDid = payload.FindText("delegate_did"),
        DelegationPolicyHash = payload.FindText("delegation_policy_hash_b64u"),
        DelegationSpendCapMinor = payload.FindText("delegation_spend_cap_minor"),
        DelegationExpiresAt = payload.Find("delegation_expires_at")?.Number,
    };
}
