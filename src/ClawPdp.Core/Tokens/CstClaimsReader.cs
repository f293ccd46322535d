using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Tokens;

/// <summary>
/// Reads claims in the form of scoped_token_claims.v1, a closed schema: an unknown claim is refused, since the scope hash
/// would not cover it.
/// </summary>
internal static class CstClaimsReader
{
    // The last second of the year 9999.
    private const long InstantMax = 253_402_300_799;

    public static CstClaims? Read(JsonValue payload, out CstFailure failure, out string field)
    {
        var version = payload.Find("token_version");
        if (version is { Kind: JsonKind.String } && !string.Equals(version.Text, "1", StringComparison.Ordinal))
        {
            (failure, field) = (CstFailure.UnknownVersion, "token_version");
            return null;
        }

        var faults = new List<Fault>();
        var claims = ReadMembers(JsonCursor.At(payload, faults));
        if (Differ(claims.AgentDid, claims.Subject))
        {
            faults.Add(new Fault("/agent_did", "not the subject"));
        }

        if (faults.Count > 0)
        {
            (failure, field) = (CstFailure.InvalidClaims, faults[0].Pointer.TrimStart('/'));
            return null;
        }

        var unbound = FindBindingFault(claims);
        (failure, field) = unbound is null ? (CstFailure.None, "") : (CstFailure.DelegationUnbound, unbound);
        return unbound is null ? claims : null;
    }

    private static CstClaims ReadMembers(JsonCursor root)
    {
        _ = root.IsObjectOf(
            "token_version", "sub", "aud", "scope", "iat", "exp", "owner_ref", "owner_did", "controller_did", "agent_did",
            "policy_hash_b64u", "control_plane_policy_hash_b64u", "token_scope_hash_b64u", "payment_account_did", "spend_cap",
            "mission_id", "delegation_id", "delegator_did", "delegate_did", "delegation_policy_hash_b64u",
            "delegation_spend_cap_minor", "delegation_expires_at", "token_lane", "jti", "nonce");
        _ = Member(root, "token_version")?.AsText(1);
        return new CstClaims
        {
            Subject = Member(root, "sub")?.AsText(CstLimits.TextLengthMax) ?? "",
            Audience = ReadAudience(Member(root, "aud")),
            Scope = ReadScope(Member(root, "scope")),
            IssuedAt = Member(root, "iat")?.AsInteger(0, InstantMax) ?? 0,
            ExpiresAt = Member(root, "exp")?.AsInteger(0, InstantMax) ?? 0,
            OwnerRef = root.Optional("owner_ref")?.AsText(CstLimits.TextLengthMax, 0),
            OwnerDid = ReadDid(root.Optional("owner_did")),
            ControllerDid = ReadDid(root.Optional("controller_did")),
            AgentDid = ReadDid(root.Optional("agent_did")),
            PolicyHash = ReadHash(root.Optional("policy_hash_b64u")),
            ControlPlanePolicyHash = ReadHash(root.Optional("control_plane_policy_hash_b64u")),
            TokenScopeHash = ReadHash(root.Optional("token_scope_hash_b64u")),
            PaymentAccountDid = ReadDid(root.Optional("payment_account_did")),
            SpendCap = ReadAmount(root.Optional("spend_cap")),
            MissionId = root.Optional("mission_id")?.AsText(CstLimits.TextLengthMax),
            DelegationId = root.Optional("delegation_id")?.AsText(CstLimits.TextLengthMax),
            DelegatorDid = ReadDid(root.Optional("delegator_did")),
            DelegateDid = ReadDid(root.Optional("delegate_did")),
            DelegationPolicyHash = ReadHash(root.Optional("delegation_policy_hash_b64u")),
            DelegationSpendCapMinor = ReadDigits(root.Optional("delegation_spend_cap_minor")),
            DelegationExpiresAt = ReadAmount(root.Optional("delegation_expires_at")),
            TokenLane = ReadLane(root.Optional("token_lane")),
            TokenId = root.Optional("jti")?.AsText(CstLimits.TextLengthMax),
            Nonce = root.Optional("nonce")?.AsText(CstLimits.TextLengthMax),
        };
    }

    // A missing claim is a fault at the claim's own place, so that the message can name it.
    private static JsonCursor? Member(JsonCursor root, string name)
    {
        var found = root.Optional(name);
        if (found is null)
        {
            root.RefuseMember(name, "the claim is missing");
        }

        return found;
    }

    // Delegation is bound as the reference proxy demands: all three names, and each the one it must be.
    private static string? FindBindingFault(CstClaims claims)
    {
        if (!IsDelegated(claims))
        {
            return null;
        }

        if (claims.DelegationId is null || claims.DelegatorDid is null || claims.DelegateDid is null)
        {
            return "delegation_id";
        }

        if (!string.Equals(claims.DelegateDid, claims.Subject, StringComparison.Ordinal))
        {
            return "delegate_did";
        }

        if (Differ(claims.DelegatorDid, claims.OwnerDid))
        {
            return "delegator_did";
        }

        return Differ(claims.DelegationPolicyHash, claims.PolicyHash) ? "delegation_policy_hash_b64u" : null;
    }

    private static bool IsDelegated(CstClaims claims) =>
        claims.DelegationId is not null || claims.DelegatorDid is not null || claims.DelegateDid is not null
            || claims.DelegationPolicyHash is not null || claims.DelegationSpendCapMinor is not null || claims.DelegationExpiresAt is not null;

    private static bool Differ(string? left, string? right) =>
        left is not null && right is not null && !string.Equals(left, right, StringComparison.Ordinal);

    private static ImmutableArray<string> ReadAudience(JsonCursor? member)
    {
        if (member is null)
        {
            return [];
        }

        ImmutableArray<string> audience = member.Value.Kind == JsonKind.String
            ? [member.Value.Text]
            : [.. member.AsArray(CstLimits.AudienceCountMax, 1).Select(static item => item.AsText(CstLimits.TextLengthMax, 0) ?? "")];
        if (audience.All(string.IsNullOrWhiteSpace))
        {
            member.Refuse("no audience is named");
        }

        return audience;
    }

    private static ImmutableArray<string> ReadScope(JsonCursor? member) =>
        member is null
            ? []
            : [.. member.AsArray(CstLimits.ScopeItemCountMax, 1).Select(static item => item.AsText(CstLimits.ScopeItemLengthMax) ?? "")];

    private static string? ReadDid(JsonCursor? member)
    {
        var text = member?.AsText(Did.LengthMax);
        if (text is not null && !Did.IsValid(text))
        {
            member?.Refuse("not a DID");
        }

        return text;
    }

    private static string? ReadHash(JsonCursor? member)
    {
        var text = member?.AsText(43, 43);
        if (text is not null && !Base64UrlText.IsSha256(text))
        {
            member?.Refuse("not canonical base64url");
        }

        return text;
    }

    private static string? ReadDigits(JsonCursor? member)
    {
        var text = member?.AsText(64);
        if (text is not null && !text.All(char.IsAsciiDigit))
        {
            member?.Refuse("decimal digits are expected");
        }

        return text;
    }

    private static double? ReadAmount(JsonCursor? member)
    {
        if (member is null)
        {
            return null;
        }

        if (member.Value.Kind == JsonKind.Number && member.Value.Number >= 0)
        {
            return member.Value.Number;
        }

        member.Refuse("a number of at least 0 is expected");
        return null;
    }

    private static string? ReadLane(JsonCursor? member)
    {
        var text = member?.AsText(16);
        if (text is not null and not ("legacy" or "canonical"))
        {
            member?.Refuse("unknown lane");
        }

        return text;
    }
}
