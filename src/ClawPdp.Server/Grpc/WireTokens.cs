using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Mappings;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Issuance;
using ClawPdp.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Wire = ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates issuance and introspection between the wire contract and the server.</summary>
internal static class WireTokens
{
    /// <summary>Reads a request that <see cref="TokenRequestChecks"/> found well formed.</summary>
    public static IssuanceRequest Read(IssueCstRequest request) => new()
    {
        Credential = request.CredentialCase switch
        {
            IssueCstRequest.CredentialOneofCase.ParentCst => request.ParentCst,
            IssueCstRequest.CredentialOneofCase.IdJag => request.IdJag,
            _ => request.IdToken,
        },
        Holder = request.Holder is { } holder ? Read(holder) : null,
        AgentDid = request.AgentDid,
        Audiences = [.. request.Audiences],
        Narrowing = new ScopeRequest
        {
            Tools = Items(request.Narrowing?.Tools),
            Models = Items(request.Narrowing?.Models),
            Egress = Items(request.Narrowing?.Egress),
            Scopes = Items(request.Narrowing?.Scopes),
        },
        LifetimeSeconds = request.RequestedTtl?.Seconds,
        MissionId = request.MissionId,
        PolicyHash = request.PolicyHashB64U,
        Group = request.Group,
        OwnerDid = request.OwnerDid,
        ControllerDid = request.ControllerDid,
        SpendCap = request.HasSpendCap ? request.SpendCap : null,
        DelegationSpendCapMinor = request.DelegationSpendCapMinor,
        TaskDescriptionHash = request.TaskDescriptionHashB64U,
    };

    /// <summary>Writes who alone may use a token; <see langword="null"/> for whoever has it.</summary>
    public static Wire.TokenHolder? Write(Core.Tokens.TokenHolder? holder) => holder switch
    {
        null => null,
        { KeyThumbprint: { } thumbprint } => new Wire.TokenHolder { JwkThumbprint = thumbprint },
        _ => new Wire.TokenHolder { PeerUid = holder.UserId ?? 0 },
    };

    private static HolderRequest Read(Wire.TokenHolder holder) => holder.HolderCase switch
    {
        Wire.TokenHolder.HolderOneofCase.JwkThumbprint => new HolderRequest(holder.JwkThumbprint, UserId: null, IsAgentKey: false),
        Wire.TokenHolder.HolderOneofCase.PeerUid => new HolderRequest(KeyThumbprint: null, holder.PeerUid, IsAgentKey: false),
        _ => new HolderRequest(KeyThumbprint: null, UserId: null, holder.HolderCase == Wire.TokenHolder.HolderOneofCase.AgentKey && holder.AgentKey),
    };

    /// <summary>Writes what became of an issuance.</summary>
    public static IssueCstResponse Write(IssuanceOutcome outcome)
    {
        if (outcome.Issued is not { } issued)
        {
            var refusal = outcome.Refusal ?? new IssuanceRefusal(Core.Decisions.ReasonCode.InternalError, "no outcome");
            return new IssueCstResponse
            {
                Refusal = WireReasons.Refuse(refusal.Reason, refusal.Message, refusal.Field, refusal.OffendingItem),
            };
        }

        var claims = issued.Claims;
        var response = new IssuedCst
        {
            Cst = issued.Token,
            TokenHash = issued.TokenHash,
            TokenScopeHashB64U = claims.TokenScopeHash ?? "",
            Kid = issued.KeyId,
            IssuedAt = Seconds(claims.IssuedAt),
            ExpiresAt = Seconds(claims.ExpiresAt),
            PolicyHashB64U = claims.PolicyHash ?? "",
            PolicyVersion = issued.PolicyLabel,
            MappingHashB64U = issued.MappingHash,
            IssuanceRecordJson = ByteString.CopyFrom(issued.RecordJson.Span),
            IssuanceId = issued.IssuanceId,
            Epoch = (ulong)issued.Epoch,
            Jti = claims.TokenId ?? "",
            Holder = Write(issued.Holder),
            OwnerRef = claims.OwnerRef ?? "",
            DelegationReceiptJson = ByteString.CopyFrom(issued.DelegationJson.Span),
            DelegationId = claims.DelegationId ?? "",
        };
        response.Tools.AddRange(issued.Scope.Tools);
        response.Models.AddRange(issued.Scope.Models);
        response.Egress.AddRange(issued.Scope.Egress);
        response.Scopes.AddRange(issued.Scope.PlainScopes);
        response.MatchedGroups.AddRange(issued.MatchedGroups);
        return new IssueCstResponse { Issued = response };
    }

    /// <summary>Writes what a token is worth.</summary>
    public static IntrospectCstResponse Write(TokenVerification verification, string token, long epoch)
    {
        var isActive = verification.Token is not null && verification.Reason == Core.Decisions.ReasonCode.Allowed;
        var response = isActive
            ? new IntrospectCstResponse { Active = true, ReasonCode = Wire.ReasonCode.Allowed, TokenHash = Sha256.Hex(token), Epoch = (ulong)epoch }
            : WriteInactive(verification.Reason, verification.Message, token, epoch);
        if (verification.Token is { } verified)
        {
            response.Kid = verified.Key.Key.KeyId;
            response.Claims = ClaimsOf(verified);
            response.Holder = Write(verified.Holder);
        }

        return response;
    }

    /// <summary>Writes that a token grants nothing.</summary>
    public static IntrospectCstResponse WriteInactive(Core.Decisions.ReasonCode reason, string message, string token, long epoch) => new()
    {
        Active = false,
        ReasonCode = WireReasons.CodeOf(reason),
        ReasonClass = WireReasons.ClassOf(reason),
        Message = WireReasons.Bounded(message),
        TokenHash = Sha256.Hex(token),
        Epoch = (ulong)epoch,
    };

    private static CstClaims ClaimsOf(VerifiedToken verified)
    {
        var claims = verified.Claims;
        var wire = new CstClaims
        {
            Subject = claims.Subject,
            IssuedAt = Seconds(claims.IssuedAt),
            ExpiresAt = Seconds(claims.ExpiresAt),
            OwnerRef = Text(claims.OwnerRef),
            OwnerDid = Text(claims.OwnerDid),
            ControllerDid = Text(claims.ControllerDid),
            AgentDid = Text(claims.AgentDid),
            PolicyHashB64U = Text(claims.PolicyHash),
            ControlPlanePolicyHashB64U = Text(claims.ControlPlanePolicyHash),
            TokenScopeHashB64U = Text(verified.ScopeHashFault is null ? claims.TokenScopeHash : null),
            PaymentAccountDid = Text(claims.PaymentAccountDid),
            MissionId = Text(claims.MissionId),
            TokenLane = Text(claims.TokenLane),
            Jti = Text(claims.TokenId),
        };
        if (claims.SpendCap is { } cap)
        {
            wire.SpendCap = cap;
        }

        AddDelegation(wire, claims);
        wire.Audiences.AddRange(claims.Audience.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        wire.Tools.AddRange(verified.Scope.Tools);
        wire.Models.AddRange(verified.Scope.Models);
        wire.Egress.AddRange(verified.Scope.Egress);
        wire.Scopes.AddRange(verified.Scope.PlainScopes);
        return wire;
    }

    private static void AddDelegation(CstClaims wire, Core.Tokens.CstClaims claims)
    {
        wire.DelegationId = Text(claims.DelegationId);
        wire.DelegatorDid = Text(claims.DelegatorDid);
        wire.DelegateDid = Text(claims.DelegateDid);
        wire.DelegationPolicyHashB64U = Text(claims.DelegationPolicyHash);
        wire.DelegationSpendCapMinor = Text(claims.DelegationSpendCapMinor);
        wire.DelegationExpiresAt = claims.DelegationExpiresAt is { } end and <= 253_402_300_799 ? Seconds((long)end) : null;
    }

    private static string Text(string? claim) => claim ?? "";

    private static ImmutableArray<string>? Items(ScopeList? list) => list is null ? null : [.. list.Items];

    // Timestamp ends with the year 9999; a claim beyond that is shown as its end.
    private static Timestamp Seconds(long epochSeconds) =>
        new() { Seconds = Math.Clamp(epochSeconds, -62_135_596_800L, 253_402_300_799L) };
}
