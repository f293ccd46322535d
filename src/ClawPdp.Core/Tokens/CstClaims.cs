using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>The claims of a CST (scoped_token_claims.v1), as they stand in the token: untrimmed and in its order.</summary>
public sealed record CstClaims
{
    /// <summary>Gets <c>sub</c>: the agent.</summary>
    public required string Subject { get; init; }

    /// <summary>Gets <c>aud</c>; a single string counts as a list of one.</summary>
    public required ImmutableArray<string> Audience { get; init; }

    /// <summary>Gets <c>scope</c>.</summary>
    public required ImmutableArray<string> Scope { get; init; }

    /// <summary>Gets <c>iat</c> in epoch seconds.</summary>
    public required long IssuedAt { get; init; }

    /// <summary>Gets <c>exp</c> in epoch seconds; from then on the token is expired.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>Gets <c>owner_ref</c>: a hash that stands for the user and groups.</summary>
    public string? OwnerRef { get; init; }

    /// <summary>Gets <c>owner_did</c>.</summary>
    public string? OwnerDid { get; init; }

    /// <summary>Gets <c>controller_did</c>.</summary>
    public string? ControllerDid { get; init; }

    /// <summary>Gets <c>agent_did</c>, which equals <c>sub</c>.</summary>
    public string? AgentDid { get; init; }

    /// <summary>Gets <c>policy_hash_b64u</c>: the policy pin.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets <c>control_plane_policy_hash_b64u</c>.</summary>
    public string? ControlPlanePolicyHash { get; init; }

    /// <summary>Gets <c>token_scope_hash_b64u</c>.</summary>
    public string? TokenScopeHash { get; init; }

    /// <summary>Gets <c>payment_account_did</c>.</summary>
    public string? PaymentAccountDid { get; init; }

    /// <summary>Gets <c>spend_cap</c>, at least 0.</summary>
    public double? SpendCap { get; init; }

    /// <summary>Gets <c>mission_id</c>.</summary>
    public string? MissionId { get; init; }

    /// <summary>Gets <c>delegation_id</c>.</summary>
    public string? DelegationId { get; init; }

    /// <summary>Gets <c>delegator_did</c>.</summary>
    public string? DelegatorDid { get; init; }

    /// <summary>Gets <c>delegate_did</c>, which equals <c>sub</c>.</summary>
    public string? DelegateDid { get; init; }

    /// <summary>Gets <c>delegation_policy_hash_b64u</c>.</summary>
    public string? DelegationPolicyHash { get; init; }

    /// <summary>Gets <c>delegation_spend_cap_minor</c>: decimal digits.</summary>
    public string? DelegationSpendCapMinor { get; init; }

    /// <summary>Gets <c>delegation_expires_at</c> in epoch seconds, as given: a fraction counts for nothing but is kept.</summary>
    public double? DelegationExpiresAt { get; init; }

    /// <summary>Gets <c>token_lane</c>: <c>legacy</c> or <c>canonical</c>. Not covered by the scope hash.</summary>
    public string? TokenLane { get; init; }

    /// <summary>Gets <c>jti</c>.</summary>
    public string? TokenId { get; init; }

    /// <summary>Gets <c>nonce</c>.</summary>
    public string? Nonce { get; init; }

    /// <summary>Gets a value indicating whether the token came from another one: whether any delegation claim is there.</summary>
    public bool IsDelegated => DelegationId is not null || DelegatorDid is not null || DelegateDid is not null
        || DelegationPolicyHash is not null || DelegationSpendCapMinor is not null || DelegationExpiresAt is not null;

    /// <summary>Gives the claims as a JSON object; absent ones are left out.</summary>
    public JsonValue ToJson() => new JsonObjectBuilder()
        .Add("token_version", "1")
        .Add("sub", Subject)
        .Add("aud", JsonValue.ArrayOf(Audience))
        .Add("scope", JsonValue.ArrayOf(Scope))
        .Add("iat", IssuedAt)
        .Add("exp", ExpiresAt)
        .AddIfPresent("owner_ref", OwnerRef)
        .AddIfPresent("owner_did", OwnerDid)
        .AddIfPresent("controller_did", ControllerDid)
        .AddIfPresent("agent_did", AgentDid)
        .AddIfPresent("policy_hash_b64u", PolicyHash)
        .AddIfPresent("control_plane_policy_hash_b64u", ControlPlanePolicyHash)
        .AddIfPresent("token_scope_hash_b64u", TokenScopeHash)
        .AddIfPresent("payment_account_did", PaymentAccountDid)
        .AddIfPresent("spend_cap", SpendCap is { } cap ? JsonValue.Of(cap) : null)
        .AddIfPresent("mission_id", MissionId)
        .AddIfPresent("delegation_id", DelegationId)
        .AddIfPresent("delegator_did", DelegatorDid)
        .AddIfPresent("delegate_did", DelegateDid)
        .AddIfPresent("delegation_policy_hash_b64u", DelegationPolicyHash)
        .AddIfPresent("delegation_spend_cap_minor", DelegationSpendCapMinor)
        .AddIfPresent("delegation_expires_at", DelegationExpiresAt is { } end ? JsonValue.Of(end) : null)
        .AddIfPresent("token_lane", TokenLane)
        .AddIfPresent("jti", TokenId)
        .AddIfPresent("nonce", Nonce)
        .Build();
}
