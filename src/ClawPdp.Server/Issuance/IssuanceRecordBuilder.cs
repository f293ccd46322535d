using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Identity;
using ClawPdp.Ledger;

namespace ClawPdp.Server.Issuance;

/// <summary>Writes the payload of an issuance record: who was given what, and why. It holds no token.</summary>
internal static class IssuanceRecordBuilder
{
    /// <summary>Says that the grant comes from a user's sign-in.</summary>
    /// <param name="identity">The user.</param>
    /// <param name="assertion">The assertion that says so; <see langword="null"/> for an ID token. The hash is that of its text, as of an ID token's.</param>
    /// <param name="grant">What is granted.</param>
    /// <param name="installation">Whose salt it is.</param>
    public static JsonMember IdentityOf(VerifiedIdentity identity, VerifiedAssertion? assertion, Grant grant, Installation installation) => new("identity", new JsonObjectBuilder()
        .Add("iss", identity.Issuer)
        .Add("sub", identity.Subject)
        .Add("client_id", identity.ClientId)
        .Add("groups", JsonValue.ArrayOf(grant.MatchedGroups))
        .Add("salt", installation.Salt)
        .Add("id_token_hash_b64u", identity.TokenHashB64u)
        .AddIfPresent("id_jag_jti", assertion?.AssertionId)
        .Build());

    /// <summary>Says that the grant comes from a token, and in the end from a user's sign-in.</summary>
    /// <param name="parent">The issuance of the token that delegates.</param>
    /// <param name="root">The issuance at the user's sign-in.</param>
    /// <param name="grant">What is granted.</param>
    /// <param name="depth">How many delegations there are from the sign-in to the new token, at least 1.</param>
    public static JsonMember ParentOf(IssuanceRecord parent, IssuanceRecord root, Grant grant, int depth) => new("parent", new JsonObjectBuilder()
        .Add("token_hash", parent.TokenHash)
        .Add("issuance_id", parent.IssuanceId)
        .Add("root_issuance_id", root.IssuanceId)
        .Add("groups", JsonValue.ArrayOf(grant.MatchedGroups))
        .Add("depth", depth)
        .Build());

    /// <summary>Gives the payload.</summary>
    public static JsonValue Build(string issuanceId, TokenDraft draft, string keyId, string tokenHash, DateTimeOffset now)
    {
        var claims = draft.Claims;
        return new JsonObjectBuilder()
            .Add("record_version", "1")
            .Add("issuance_id", issuanceId)
            .Add("issued_at", Rfc3339.Format(now))
            .Add(draft.Origin.Name, draft.Origin.Value)
            .Add("mapping_hash_b64u", draft.MappingHash)
            .Add("kid", keyId)
            .Add("token_hash", tokenHash)
            .Add("sub", claims.Subject)
            .Add("aud", JsonValue.ArrayOf(claims.Audience))
            .Add("scope", JsonValue.ArrayOf(claims.Scope))
            .Add("iat", claims.IssuedAt)
            .Add("exp", claims.ExpiresAt)
            .AddIfPresent("owner_ref", claims.OwnerRef)
            .AddIfPresent("owner_did", claims.OwnerDid)
            .AddIfPresent("controller_did", claims.ControllerDid)
            .AddIfPresent("agent_did", claims.AgentDid)
            .AddIfPresent("policy_hash_b64u", claims.PolicyHash)
            .AddIfPresent("control_plane_policy_hash_b64u", claims.ControlPlanePolicyHash)
            .AddIfPresent("payment_account_did", claims.PaymentAccountDid)
            .AddIfPresent("policy_version", draft.PolicyLabel.Length > 0 ? draft.PolicyLabel : null)
            .AddIfPresent("token_scope_hash_b64u", claims.TokenScopeHash)
            .AddIfPresent("mission_id", claims.MissionId)
            .AddIfPresent("spend_cap", claims.SpendCap is { } cap ? JsonValue.Of(cap) : null)
            .AddIfPresent("delegation_id", claims.DelegationId)
            .AddIfPresent("delegator_did", claims.DelegatorDid)
            .AddIfPresent("delegate_did", claims.DelegateDid)
            .AddIfPresent("delegation_policy_hash_b64u", claims.DelegationPolicyHash)
            .AddIfPresent("delegation_spend_cap_minor", claims.DelegationSpendCapMinor)
            .AddIfPresent("delegation_expires_at", claims.DelegationExpiresAt is { } end ? JsonValue.Of(end) : null)
            .AddIfPresent("token_lane", claims.TokenLane)
            .AddIfPresent("jti", claims.TokenId)
            .AddIfPresent("cnf", draft.Holder?.ToJson())
            .Build();
    }
}
