using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Mappings;
using ClawPdp.Core.Tokens;
using ClawPdp.Engine.Tokens;
using ClawPdp.Identity;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Issuance;

/// <summary>Puts together the claims of a token.</summary>
internal static class ClaimsBuilder
{
    /// <summary>Gives the claims, with the scope hash over them.</summary>
    public static CstClaims Build(
        IssuanceRequest request,
        VerifiedIdentity identity,
        Grant grant,
        IssuanceSettings settings,
        Installation installation,
        DateTimeOffset now)
    {
        var issuedAt = now.ToUnixTimeSeconds();
        var isCanonical = request.OwnerDid.Length > 0;
        var claims = new CstClaims
        {
            Subject = request.AgentDid,
            Audience = [.. request.Audiences.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Scope = grant.ScopeItems,
            IssuedAt = issuedAt,
            ExpiresAt = issuedAt + LifetimeOf(request, grant, settings),
            OwnerRef = OwnerRefOf(identity, grant, installation),
            OwnerDid = isCanonical ? request.OwnerDid : null,
            ControllerDid = isCanonical ? request.ControllerDid : null,
            AgentDid = isCanonical ? request.AgentDid : null,
            PolicyHash = grant.Pin?.PolicyHash ?? (request.PolicyHash.Length > 0 ? request.PolicyHash : null),
            SpendCap = request.SpendCap,
            MissionId = request.MissionId.Length > 0 ? request.MissionId : null,
            TokenLane = isCanonical ? "canonical" : "legacy",
            TokenId = RandomUuid(),
            Nonce = RandomUuid(),
        };
        return claims with { TokenScopeHash = TokenScopeHash.Compute(claims) };
    }

    /// <summary>Gives the claims of a token that comes from another one, with the scope hash over them.</summary>
    /// <param name="request">What is asked for; checked against the parent.</param>
    /// <param name="delegating">The token that delegates.</param>
    /// <param name="grant">What is granted, with the pin.</param>
    /// <param name="settings">The bounds.</param>
    /// <param name="now">The instant.</param>
    public static CstClaims BuildChild(IssuanceRequest request, VerifiedToken delegating, Grant grant, IssuanceSettings settings, DateTimeOffset now)
    {
        var parent = delegating.Claims;
        var issuedAt = now.ToUnixTimeSeconds();

        // The parent also ends with the key that signed it; the child, signed with another one, must not outlive that.
        var parentEnd = Math.Min(parent.ExpiresAt, delegating.Key.NotAfter?.ToUnixTimeSeconds() ?? long.MaxValue);
        var expiresAt = Math.Min(issuedAt + LifetimeOf(request, grant, settings), parentEnd);
        var pin = grant.Pin?.PolicyHash;
        var claims = new CstClaims
        {
            Subject = request.AgentDid,
            Audience = [.. request.Audiences.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Scope = grant.ScopeItems,
            IssuedAt = issuedAt,
            ExpiresAt = expiresAt,
            OwnerRef = parent.OwnerRef,
            OwnerDid = parent.Subject,
            ControllerDid = ControllerOf(parent),
            AgentDid = request.AgentDid,
            PolicyHash = pin,
            ControlPlanePolicyHash = parent.ControlPlanePolicyHash,
            PaymentAccountDid = parent.PaymentAccountDid,
            SpendCap = request.SpendCap ?? parent.SpendCap,
            MissionId = request.MissionId.Length > 0 ? request.MissionId : parent.MissionId,
            DelegationId = "dlg_" + Guid.CreateVersion7(now).ToString("N"),
            DelegatorDid = parent.Subject,
            DelegateDid = request.AgentDid,
            DelegationPolicyHash = pin,
            DelegationSpendCapMinor = request.DelegationSpendCapMinor.Length > 0 ? request.DelegationSpendCapMinor : parent.DelegationSpendCapMinor,
            DelegationExpiresAt = expiresAt,
            TokenLane = "canonical",
            TokenId = RandomUuid(),
            Nonce = RandomUuid(),
        };
        return claims with { TokenScopeHash = TokenScopeHash.Compute(claims) };
    }

    /// <summary>Gives who controls the agents that a token delegates to.</summary>
    public static string ControllerOf(CstClaims parent) => string.IsNullOrWhiteSpace(parent.ControllerDid) ? parent.Subject : parent.ControllerDid;

    /// <summary>Gives the hash that stands for the user and groups without naming them; the salt keeps it from being guessed.</summary>
    public static string OwnerRefOf(VerifiedIdentity identity, Grant grant, Installation installation) =>
        Sha256.OfCanonical(new JsonObjectBuilder()
            .Add("iss", identity.Issuer)
            .Add("sub", identity.Subject)
            .Add("groups", JsonValue.ArrayOf(grant.MatchedGroups))
            .Add("salt", installation.Salt)
            .Build());

    private static long LifetimeOf(IssuanceRequest request, Grant grant, IssuanceSettings settings)
    {
        var bound = Math.Min(grant.LifetimeMaxSeconds, settings.LifetimeMaxSeconds);
        return Math.Min(request.LifetimeSeconds ?? settings.LifetimeDefaultSeconds, bound);
    }

    // RFC 9562 version 4 from the operating system's generator.
    private static string RandomUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString("D");
    }
}
