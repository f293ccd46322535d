using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Grammar;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>
/// The hash of what a token allows: SHA-256 of the JCS of its normalised claims, without times, ids and the lane. The same
/// grant issued again has the same hash. Receipts are bound to it.
/// </summary>
public static class TokenScopeHash
{
    /// <summary>Gives the hash: base64url, 43 characters.</summary>
    public static string Compute(CstClaims claims) => Sha256.B64u(System.Text.Encoding.UTF8.GetBytes(CanonicalInput(claims)));

    /// <summary>Gives the text that is hashed.</summary>
    public static string CanonicalInput(CstClaims claims)
    {
        var input = new JsonObjectBuilder()
            .Add("token_version", "1")
            .Add("sub", EcmaScriptText.Trim(claims.Subject))
            .Add("aud", Normalised(claims.Audience))
            .Add("scope", Normalised(claims.Scope));
        AddText(input, "owner_ref", claims.OwnerRef);
        AddText(input, "owner_did", claims.OwnerDid);
        AddText(input, "controller_did", claims.ControllerDid);
        AddText(input, "agent_did", claims.AgentDid);
        AddText(input, "policy_hash_b64u", claims.PolicyHash);
        AddText(input, "control_plane_policy_hash_b64u", claims.ControlPlanePolicyHash);
        AddText(input, "payment_account_did", claims.PaymentAccountDid);
        AddText(input, "mission_id", claims.MissionId);
        AddText(input, "delegation_id", claims.DelegationId);
        AddText(input, "delegator_did", claims.DelegatorDid);
        AddText(input, "delegate_did", claims.DelegateDid);
        AddText(input, "delegation_policy_hash_b64u", claims.DelegationPolicyHash);
        AddNumbers(input, claims);
        return JsonWriter.CanonicalText(input.Build());
    }

    private static void AddText(JsonObjectBuilder input, string name, string? value) =>
        input.AddIfPresent(name, EcmaScriptText.Trim(value ?? ""));

    private static void AddNumbers(JsonObjectBuilder input, CstClaims claims)
    {
        if (claims.SpendCap is { } cap && double.IsFinite(cap) && cap >= 0)
        {
            input.Add("spend_cap", JsonValue.Of(cap));
        }

        var minor = EcmaScriptText.Trim(claims.DelegationSpendCapMinor ?? "");
        if (minor.Length > 0 && minor.All(char.IsAsciiDigit))
        {
            input.Add("delegation_spend_cap_minor", minor);
        }

        if (claims.DelegationExpiresAt is { } end && double.IsFinite(end) && end > 0)
        {
            input.Add("delegation_expires_at", JsonValue.Of(Math.Floor(end)));
        }
    }

    private static JsonValue Normalised(ImmutableArray<string> items)
    {
        var texts = new List<string>(items.Length);
        foreach (var item in items)
        {
            var trimmed = EcmaScriptText.Trim(item);
            if (trimmed.Length > 0)
            {
                texts.Add(trimmed);
            }
        }

        return JsonValue.ArrayOf(SortedTexts.Of(texts));
    }
}
