using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Engine.Approvals;

/// <summary>Looks for a human approval that fits an action. Whatever does not verify, or is for something else, counts as not given.</summary>
public static class ApprovalVerifier
{
    /// <summary>Looks for the first that fits.</summary>
    /// <param name="approvals">What the caller gave.</param>
    /// <param name="requirement">What has to be approved.</param>
    /// <param name="approvers">The did:keys whose approval counts; none means that nothing can be approved.</param>
    /// <param name="now">The instant of the question.</param>
    /// <param name="isExpired">Receives whether one would have fitted but for its time.</param>
    public static VerifiedApproval? Find(
        IReadOnlyList<ReadOnlyMemory<byte>> approvals,
        ApprovalRequirement requirement,
        ImmutableArray<string> approvers,
        DateTimeOffset now,
        out bool isExpired)
    {
        isExpired = false;
        var asked = requirement.ToAction();
        foreach (var envelope in approvals)
        {
            // What is for something else is not worth a signature's check.
            if (!JsonReader.Parse(envelope.Span, EnvelopeVerifier.SizeMaxBytes).TryGet(out var read) || !IsFor(read.Find("payload"), asked))
            {
                continue;
            }

            // Expiry of the envelope is not signed: it can only take away.
            var verified = EnvelopeVerifier.Verify(envelope.Span, approvers, now);
            if (!verified.IsValid
                || verified.EnvelopeType is not EnvelopeTypes.HumanApprovalReceipt
                || verified.Payload is not { } payload
                || HumanApproval.TryRead(payload) is not { } approval
                || !approval.Action.Covers(asked)
                || IsOwn(verified.SignerDid, requirement))
            {
                continue;
            }

            isExpired |= approval.IsExpired(now);
            if (approval.CountsAt(now))
            {
                isExpired = false;
                return new VerifiedApproval(verified.PayloadHash, verified.SignerDid, approval.ExpiresAt, envelope);
            }
        }

        return null;
    }

    private static bool IsFor(JsonValue? payload, ApprovedAction asked) =>
        payload is not null && HumanApproval.TryRead(payload) is { } approval && approval.Action.Covers(asked);

    // Nobody approves what they do themselves, listed or not.
    private static bool IsOwn(string signerDid, ApprovalRequirement requirement) => string.Equals(signerDid, requirement.AgentDid, StringComparison.Ordinal);
}
