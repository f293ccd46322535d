using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto;

namespace ClawPdp.Server.Approvals;

/// <summary>Signs approvals.</summary>
internal static class ApprovalSigner
{
    /// <summary>The method of one that a person confirmed at a prompt.</summary>
    public const string Confirmed = "cli_confirm";

    /// <summary>The method of one that a program was told to make.</summary>
    public const string Called = "api_call";

    /// <summary>Makes an approval.</summary>
    /// <param name="request">What is approved.</param>
    /// <param name="agentDid">Whose action it is.</param>
    /// <param name="runId">The run that it is for; empty for any.</param>
    /// <param name="approver">Who approves, in the approver's own words.</param>
    /// <param name="method">How.</param>
    /// <param name="lifetimeSeconds">How long it counts.</param>
    /// <param name="now">The instant.</param>
    public static HumanApproval Make(ApprovalRequest request, string agentDid, string runId, string approver, string method, int lifetimeSeconds, DateTimeOffset now) => new()
    {
        ReceiptId = "har_" + Guid.CreateVersion7(now).ToString("N"),
        ApproverSubject = approver,
        Method = method,
        Summary = request.Summary.Length > 0 ? request.Summary : null,
        LifetimeSeconds = lifetimeSeconds,
        Timestamp = now,
        Action = new ApprovedAction
        {
            AgentDid = agentDid,
            TokenScopeHash = request.TokenScopeHash,
            PolicyHash = request.PolicyHash,
            ActionDigest = request.ActionDigest,
            RunId = runId,
        },
    };

    /// <summary>Signs an approval, or says what is wrong with it.</summary>
    public static Result<SignedEnvelope> Sign(HumanApproval approval, PurposeKey key)
    {
        var payload = approval.ToPayload();
        return payload.IsValid
            ? Result.Valid(key.SignEnvelope(EnvelopeTypes.HumanApprovalReceipt, payload.Value, approval.Timestamp))
            : Result.Invalid<SignedEnvelope>(payload.Faults);
    }
}
