using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Crypto.Verification;

namespace ClawPdp.Engine.Approvals;

/// <summary>Looks for a human approval that fits an action. Whatever does not verify, or is for something else, counts as not given.</summary>
public static class ApprovalVerifier
{
    /// <summary>The longest time that an approval counts for.</summary>
    public const int LifetimeMaxSeconds = 86_400;

    // An approver's clock may be ahead of ours.
    private static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(60);

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
        foreach (var approval in approvals)
        {
            // Expiry of the envelope is not signed: it can only take away.
            var verified = EnvelopeVerifier.Verify(approval.Span, approvers, now);
            if (!verified.IsValid
                || verified.EnvelopeType is not EnvelopeTypes.HumanApprovalReceipt
                || verified.Payload is not { } payload
                || !IsFor(payload, requirement)
                || LifetimeOf(payload) is not var (from, until))
            {
                continue;
            }

            if (now > until)
            {
                isExpired = true;
            }
            else if (from <= now + SkewMax)
            {
                return new VerifiedApproval(verified.PayloadHash, verified.SignerDid, until, approval);
            }
        }

        return null;
    }

    private static bool IsFor(JsonValue payload, ApprovalRequirement requirement) =>
        payload.FindText("approval_type") is "explicit_approve"
        && Is(payload.FindText("agent_did"), requirement.AgentDid)
        && Is(payload.FindText("scope_hash_b64u"), requirement.TokenScopeHash)
        && Is(payload.FindText("policy_hash_b64u"), requirement.PolicyHash)
        && Is(payload.FindText("plan_hash_b64u"), requirement.ActionDigest)
        && IsBoundAlike(payload.Find("binding"), requirement);

    // The binding is optional; what it states must be so.
    private static bool IsBoundAlike(JsonValue? binding, ApprovalRequirement requirement) =>
        binding is null
        || (IsAbsentOr(binding, "run_id", requirement.RunId)
            && IsAbsentOr(binding, "policy_hash", requirement.PolicyHash)
            && IsAbsentOr(binding, "token_scope_hash_b64u", requirement.TokenScopeHash));

    private static bool IsAbsentOr(JsonValue binding, string name, string expected) =>
        binding.Find(name) is not { } member || (member.Kind == JsonKind.String && Is(member.Text, expected));

    private static (DateTimeOffset From, DateTimeOffset Until)? LifetimeOf(JsonValue payload)
    {
        if (payload.Find("minted_capability_ttl_seconds") is not { Kind: JsonKind.Number } lifetime
            || lifetime.Number != Math.Floor(lifetime.Number)
            || lifetime.Number is < 1 or > LifetimeMaxSeconds
            || !Rfc3339.TryParse(payload.FindText("timestamp") ?? "", out var from))
        {
            return null;
        }

        return (from, from.AddSeconds(lifetime.Number));
    }

    private static bool Is(string? text, string expected) => expected.Length > 0 && string.Equals(text, expected, StringComparison.Ordinal);
}
