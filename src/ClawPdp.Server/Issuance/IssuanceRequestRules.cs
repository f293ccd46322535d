using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>The rules for a request that need neither the user nor the mapping.</summary>
internal static class IssuanceRequestRules
{
    /// <summary>Looks for the first rule that is broken.</summary>
    public static IssuanceRefusal? Check(IssuanceRequest request, IssuanceSettings settings) =>
        CheckIdentifiers(request) ?? CheckNumbers(request) ?? CheckAllowed(request, settings);

    private static IssuanceRefusal? CheckIdentifiers(IssuanceRequest request)
    {
        if (!Did.IsVerifiable(request.AgentDid))
        {
            return new(ReasonCode.AgentDidInvalid, "the agent's DID is not a did:key or did:web", "agent_did");
        }

        if (request.OwnerDid.Length > 0 && !Did.IsValid(request.OwnerDid))
        {
            return new(ReasonCode.OwnerDidInvalid, "the owner's DID is malformed", "owner_did");
        }

        if (request.ControllerDid.Length > 0 && !Did.IsValid(request.ControllerDid))
        {
            return new(ReasonCode.ControllerDidInvalid, "the controller's DID is malformed", "controller_did");
        }

        return request.OwnerDid.Length == 0 != (request.ControllerDid.Length == 0)
            ? new(ReasonCode.CanonicalChainRequired, "owner and controller are named together or not at all", request.OwnerDid.Length == 0 ? "owner_did" : "controller_did")
            : null;
    }

    private static IssuanceRefusal? CheckNumbers(IssuanceRequest request)
    {
        if (request.PolicyHash.Length > 0 && !Base64UrlText.IsSha256(request.PolicyHash))
        {
            return new(ReasonCode.PolicyHashInvalid, "the policy hash is not 43 canonical base64url characters", "policy_hash_b64u");
        }

        if (request.LifetimeSeconds is < 1)
        {
            return new(ReasonCode.InvalidTtl, "the lifetime is less than one second", "requested_ttl");
        }

        return request.SpendCap is { } cap && (!double.IsFinite(cap) || cap < 0)
            ? new(ReasonCode.SpendCapInvalid, "the spend cap is not a finite number of at least 0", "spend_cap")
            : null;
    }

    private static IssuanceRefusal? CheckAllowed(IssuanceRequest request, IssuanceSettings settings)
    {
        if (!settings.Agents.IsEmpty && !settings.Agents.Contains(request.AgentDid, StringComparer.Ordinal))
        {
            return new(ReasonCode.AgentNotAllowed, "tokens are not issued for this agent", "agent_did", request.AgentDid);
        }

        foreach (var audience in request.Audiences)
        {
            if (!settings.Audiences.Contains(audience, StringComparer.Ordinal))
            {
                return new(ReasonCode.AudienceNotAllowed, "tokens are not issued for this audience", "audiences", audience);
            }
        }

        return null;
    }
}
