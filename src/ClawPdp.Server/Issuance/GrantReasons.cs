using ClawPdp.Core.Decisions;
using ClawPdp.Core.Mappings;

namespace ClawPdp.Server.Issuance;

/// <summary>Gives the reason code of a grant that was refused.</summary>
internal static class GrantReasons
{
    /// <summary>Writes the refusal; what has no code of its own is an internal error.</summary>
    public static IssuanceRefusal Write(GrantResult result) => result.Failure switch
    {
        GrantFailure.GroupNotMapped => new(ReasonCode.GroupNotMapped, "none of the user's groups is mapped", "group", result.OffendingItem),
        GrantFailure.GroupNotHeld => new(ReasonCode.GroupNotHeld, "the user is not in that group", "group", result.OffendingItem),
        GrantFailure.PolicyPinConflict => new(ReasonCode.PolicyPinConflict, "the user's groups pin different policies; name one group", "group"),
        GrantFailure.AgentNotAllowed => new(ReasonCode.AgentNotAllowed, "the user's groups may not ask for this agent", "agent_did", result.OffendingItem),
        GrantFailure.AudienceNotAllowed => new(ReasonCode.AudienceNotAllowed, "the user's groups may not ask for this audience", "audiences", result.OffendingItem),
        GrantFailure.ScopeTooLarge => new(ReasonCode.ScopeTooLarge, "the grant has more items than a token may hold; narrow it", "narrowing"),
        GrantFailure.ScopeNotAllowed => new(ReasonCode.ScopeNotAllowed, "the item lies outside the grant", "narrowing", result.OffendingItem),
        GrantFailure.ScopeEmpty => new(ReasonCode.ScopeEmpty, "the narrowing leaves nothing", "narrowing"),
        GrantFailure.ScopeItemTooLong => new(ReasonCode.ScopeItemTooLong, "the item is longer than a token's may be", "narrowing", result.OffendingItem),
        _ => new(ReasonCode.InternalError, "the grant could not be made"),
    };
}
