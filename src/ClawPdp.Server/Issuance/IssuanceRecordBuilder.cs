using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Identity;

namespace ClawPdp.Server.Issuance;

/// <summary>Writes the payload of an issuance record: who was given what, and why. It holds no token.</summary>
internal static class IssuanceRecordBuilder
{
    /// <summary>Gives the payload.</summary>
    public static JsonValue Build(
        string issuanceId,
        VerifiedIdentity identity,
        Grant grant,
        string mappingHash,
        CstClaims claims,
        string keyId,
        string tokenHash,
        Installation installation,
        DateTimeOffset now) => new JsonObjectBuilder()
            .Add("record_version", "1")
            .Add("issuance_id", issuanceId)
            .Add("issued_at", Rfc3339.Format(now))
            .Add("identity", new JsonObjectBuilder()
                .Add("iss", identity.Issuer)
                .Add("sub", identity.Subject)
                .Add("client_id", identity.ClientId)
                .Add("groups", JsonValue.ArrayOf(grant.MatchedGroups))
                .Add("salt", installation.Salt)
                .Add("id_token_hash_b64u", identity.TokenHashB64u)
                .Build())
            .Add("mapping_hash_b64u", mappingHash)
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
            .AddIfPresent("policy_version", grant.Pin?.PolicyVersion)
            .AddIfPresent("token_scope_hash_b64u", claims.TokenScopeHash)
            .AddIfPresent("mission_id", claims.MissionId)
            .AddIfPresent("spend_cap", claims.SpendCap is { } cap ? JsonValue.Of(cap) : null)
            .AddIfPresent("token_lane", claims.TokenLane)
            .AddIfPresent("jti", claims.TokenId)
            .Build();
}
