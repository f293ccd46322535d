namespace ClawPdp.Engine.Approvals;

/// <summary>An approval that fits: signed by a listed approver, in time, for this very action. It counts once.</summary>
/// <param name="ApprovalHash">The hash of the receipt's payload, base64url, which names it.</param>
/// <param name="ApproverDid">Who signed.</param>
/// <param name="ExpiresAt">Until when it counts, this second included.</param>
/// <param name="EnvelopeJson">The signed receipt, as it was given.</param>
public sealed record VerifiedApproval(string ApprovalHash, string ApproverDid, DateTimeOffset ExpiresAt, ReadOnlyMemory<byte> EnvelopeJson);
