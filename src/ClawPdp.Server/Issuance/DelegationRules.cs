using System.Collections.Immutable;
using System.Numerics;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>In what a child may not go beyond its parent, the scope apart.</summary>
internal static class DelegationRules
{
    private const int SpendCapDigitsMax = 32;

    /// <summary>Says why a parent cannot delegate; its own reasons stand for themselves.</summary>
    public static IssuanceRefusal? CheckParent(TokenVerification parent, IssuanceSettings settings)
    {
        if (parent.Token is null || parent.Reason != ReasonCode.Allowed)
        {
            var reason = parent.Reason switch
            {
                ReasonCode.TokenExpired or ReasonCode.TokenDelegationExpired => ReasonCode.DelegationExpired,
                ReasonCode.TokenRevoked => ReasonCode.DelegationRevoked,
                ReasonCode.Allowed => ReasonCode.InternalError,
                _ => parent.Reason,
            };
            return new IssuanceRefusal(reason, parent.Message, "parent_cst");
        }

        // The child would be as many delegations deep as its parent has tokens in its lineage.
        return parent.Token.Lineage.Length > settings.DelegationDepthMax
            ? new IssuanceRefusal(ReasonCode.DelegationDepthExceeded, $"a token may be {settings.DelegationDepthMax} delegations away from the user's sign-in at most", "parent_cst")
            : null;
    }

    /// <summary>Looks for the first member of a request that goes beyond the parent.</summary>
    public static IssuanceRefusal? Check(IssuanceRequest request, CstClaims parent) =>
        CheckChain(request, parent) ?? CheckAudiences(request, parent) ?? CheckBinding(request, parent) ?? CheckSpending(request, parent);

    private static IssuanceRefusal? CheckChain(IssuanceRequest request, CstClaims parent)
    {
        if (request.Group.Length > 0)
        {
            return new(ReasonCode.RequestInvalid, "a group is named at the user's sign-in, not when a token delegates", "group");
        }

        if (request.OwnerDid.Length > 0 && !Same(request.OwnerDid, parent.Subject))
        {
            return new(ReasonCode.OwnerDidInvalid, "the owner of a delegated token is the agent that delegates", "owner_did");
        }

        return request.ControllerDid.Length > 0 && !Same(request.ControllerDid, ClaimsBuilder.ControllerOf(parent))
            ? new(ReasonCode.ControllerDidInvalid, "the controller of a delegated token is that of the token that delegates", "controller_did")
            : null;
    }

    private static IssuanceRefusal? CheckAudiences(IssuanceRequest request, CstClaims parent)
    {
        ImmutableArray<string> own = [.. parent.Audience.Select(EcmaScriptText.Trim)];
        return request.Audiences.FirstOrDefault(audience => !own.Contains(audience, StringComparer.Ordinal)) is { } other
            ? new(ReasonCode.AudienceNotAllowed, "the parent is not for this audience", "audiences", other)
            : null;
    }

    private static IssuanceRefusal? CheckBinding(IssuanceRequest request, CstClaims parent)
    {
        if (parent.PolicyHash is { } pin && request.PolicyHash.Length > 0 && !Same(request.PolicyHash, pin))
        {
            return new(ReasonCode.DelegationPolicyMismatch, "the parent is pinned to another policy", "policy_hash_b64u");
        }

        if (request.TaskDescriptionHash.Length > 0 && !Base64UrlText.IsSha256(request.TaskDescriptionHash))
        {
            return new(ReasonCode.ReceiptInvalid, "the hash is not 43 canonical base64url characters", "task_description_hash_b64u");
        }

        return parent.MissionId is { } mission && request.MissionId.Length > 0 && !Same(request.MissionId, mission)
            ? new(ReasonCode.DelegationScopeExceeded, "the parent is for another mission", "mission_id", request.MissionId)
            : null;
    }

    private static IssuanceRefusal? CheckSpending(IssuanceRequest request, CstClaims parent)
    {
        if (request.SpendCap is { } cap && parent.SpendCap is { } own && cap > own)
        {
            return new(ReasonCode.DelegationSpendCapExceeded, "the spend cap is above the parent's", "spend_cap");
        }

        var minor = request.DelegationSpendCapMinor;
        if (minor.Length > SpendCapDigitsMax || !minor.All(char.IsAsciiDigit))
        {
            return new(ReasonCode.SpendCapInvalid, $"not 1 to {SpendCapDigitsMax} decimal digits", "delegation_spend_cap_minor");
        }

        return minor.Length > 0 && parent.DelegationSpendCapMinor is { } bound && Number(minor) > Number(bound)
            ? new(ReasonCode.DelegationSpendCapExceeded, "the spend cap is above the parent's", "delegation_spend_cap_minor")
            : null;
    }

    private static BigInteger Number(string digits) => BigInteger.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);

    private static bool Same(string left, string? right) => string.Equals(left, right, StringComparison.Ordinal);
}
