using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Policies;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Audit.Questions;

/// <summary>The human's approval that a decision rests on.</summary>
internal static class ApprovalOf
{
    /// <summary>The type of its document.</summary>
    public const string DocumentType = "human_approval";

    /// <summary>Says what is wrong with it; adds nothing where a human whom the auditor trusts approved this very action.</summary>
    public static void Check(AuditCase subject, AuditedRecord decision, AnswerBuilder answer)
    {
        var hash = decision.Text("approval_hash_b64u");
        if (subject.Document(DocumentType, hash) is not { } document)
        {
            answer.Miss("DOCUMENT_MISSING", $"the approval that {decision} rests on is not there", decision.Sequence);
            return;
        }

        // Whether it is sound first, whoever signed it: only then does it say who.
        var envelope = DocumentReader.EnvelopeOf(document);
        var decidedAt = decision.Instant("decided_at") ?? default;
        var signer = envelope.FindText("signer_did") ?? "";
        var verdict = EnvelopeVerifier.Verify(envelope, [signer], decidedAt);
        if (!verdict.IsValid || verdict.EnvelopeType is not EnvelopeTypes.HumanApprovalReceipt || !string.Equals(verdict.PayloadHash, hash, StringComparison.Ordinal))
        {
            answer.Fail("APPROVAL_INVALID", $"the approval that {decision} rests on: {(verdict.IsValid ? "it is another one" : $"{verdict.Code}: {verdict.Message}")}", document.Sequence);
            return;
        }

        var approval = HumanApproval.TryRead(verdict.Payload ?? JsonValue.Null);
        if (approval is null || ActionIn(decision) is not { } asked || !approval.Action.Covers(asked) || !approval.CountsAt(decidedAt) || string.Equals(signer, asked.AgentDid, StringComparison.Ordinal))
        {
            answer.Fail("APPROVAL_MISMATCH", $"the approval that {decision} rests on is for something else, for another time, or the agent's own", document.Sequence);
            return;
        }

        if (!subject.Approvers.Contains(signer, StringComparer.Ordinal))
        {
            SayUntrusted(subject, $"{decision} rests on the approval of {signer}, whom you did not name with --trust-approver", document.Sequence, answer);
        }
    }

    /// <summary>Says that an approver is not trusted. Where none is named at all, that leaves the question open.</summary>
    public static void SayUntrusted(AuditCase subject, string message, long sequence, AnswerBuilder answer)
    {
        if (subject.Approvers.IsEmpty)
        {
            answer.Miss("APPROVER_NOT_TRUSTED", message, sequence);
        }
        else
        {
            answer.Fail("APPROVER_NOT_TRUSTED", message, sequence);
        }
    }

    private static ApprovedAction? ActionIn(AuditedRecord decision)
    {
        if (ActionOf.Read(decision) is not { } action)
        {
            return null;
        }

        var question = new PolicyQuestion { Tool = action.Tool, Model = action.Model, Host = action.Host, Provider = action.Provider };
        return new ApprovedAction
        {
            AgentDid = decision.Text("agent_did"),
            TokenScopeHash = decision.Text("token_scope_hash_b64u"),
            PolicyHash = decision.Text("policy_hash_b64u"),
            ActionDigest = ActionDigest.Compute(question, decision.Text("args_hash_b64u")),
            RunId = decision.Text("run_id"),
            EventHash = decision.Text("event_hash_b64u"),
        };
    }
}
