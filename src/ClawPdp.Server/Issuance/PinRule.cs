using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Policies;

namespace ClawPdp.Server.Issuance;

/// <summary>A policy that was replaced is honoured for a while for the tokens that were pinned to it before, and for no new one.</summary>
internal static class PinRule
{
    /// <summary>Looks whether a request pins a token to a policy that was replaced for one of its audiences.</summary>
    public static IssuanceRefusal? Check(IssuanceRequest request, PolicyTable policies) =>
        request.PolicyHash.Length > 0 && request.Audiences.Any(audience => IsReplaced(policies.For(audience), request.PolicyHash))
            ? new(ReasonCode.PolicyHashMismatch, "the policy was replaced", "policy_hash_b64u")
            : null;

    private static bool IsReplaced(ActivePolicy? active, string policyHash) =>
        active is { Previous: { } previous }
        && string.Equals(previous.PolicyHash, policyHash, StringComparison.Ordinal)
        && !string.Equals(active.Current.PolicyHash, policyHash, StringComparison.Ordinal);
}
