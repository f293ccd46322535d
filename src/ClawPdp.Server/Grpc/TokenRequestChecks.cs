using ClawPdp.Core.Encoding;
using ClawPdp.V1;

namespace ClawPdp.Server.Grpc;

/// <summary>Looks for the first fault of a message to the token service.</summary>
internal static class TokenRequestChecks
{
    private const int KeyIdLength = 16;

    public static RequestFault? Check(IssueCstRequest request)
    {
        var check = new RequestCheck()
            .Text("id_token", request.IdToken, RequestLimits.IdTokenMax)
            .Text("parent_cst", request.ParentCst, RequestLimits.CstMax)
            .Text("id_jag", request.IdJag, RequestLimits.IdTokenMax)
            .Text("agent_did", request.AgentDid, RequestLimits.DidMax)
            .Count("audiences", request.Audiences.Count, 1, RequestLimits.AudienceCountMax)
            .Text("mission_id", request.MissionId, RequestLimits.MissionMax)
            .Text("policy_hash_b64u", request.PolicyHashB64U, RequestLimits.PolicyHashMax)
            .Text("group", request.Group, RequestLimits.GroupMax)
            .Text("owner_did", request.OwnerDid, RequestLimits.DidMax)
            .Text("controller_did", request.ControllerDid, RequestLimits.DidMax);
        foreach (var audience in request.Audiences)
        {
            check.Required("audiences", audience, RequestLimits.AudienceMax);
            if (audience.AsSpan().Trim().Length != audience.Length)
            {
                check.Refuse("audiences", "white space at an end");
            }
        }

        if (request.MissionId.Length > 0 && string.IsNullOrWhiteSpace(request.MissionId))
        {
            check.Refuse("mission_id", "blank");
        }

        CheckNarrowing(check, request.Narrowing);
        return check.Fault;
    }

    public static RequestFault? Check(IntrospectCstRequest request) =>
        new RequestCheck().Required("token", request.Token, RequestLimits.CstMax).Fault;

    public static RequestFault? Check(RevokeCstRequest request)
    {
        var check = new RequestCheck().Text("reason", request.Reason, RequestLimits.ReasonMax * 4);
        if (request.Reason.Length > RequestLimits.ReasonMax)
        {
            check.Refuse("reason", $"longer than {RequestLimits.ReasonMax} characters");
        }

        return CheckTarget(check, request).Fault;
    }

    private static RequestCheck CheckTarget(RequestCheck check, RevokeCstRequest request) => request.TargetCase switch
    {
        RevokeCstRequest.TargetOneofCase.Token => check.Required("token", request.Token, RequestLimits.CstMax),
        RevokeCstRequest.TargetOneofCase.TokenHash => check.Required("token_hash", request.TokenHash, RequestLimits.IdentifierMax),
        RevokeCstRequest.TargetOneofCase.Jti => check.Required("jti", request.Jti, RequestLimits.IdentifierMax),
        RevokeCstRequest.TargetOneofCase.Subject => check.Required("subject", request.Subject, RequestLimits.DidMax),
        RevokeCstRequest.TargetOneofCase.OwnerRef => check.Required("owner_ref", request.OwnerRef, RequestLimits.DidMax),
        RevokeCstRequest.TargetOneofCase.Kid when request.Kid.Length != KeyIdLength || request.Kid.Any(static digit => !char.IsAsciiHexDigitLower(digit)) =>
            check.Refuse("kid", "not 16 lower-case hexadecimal digits"),
        RevokeCstRequest.TargetOneofCase.PolicyHashB64U when !Base64UrlText.IsSha256(request.PolicyHashB64U) =>
            check.Refuse("policy_hash_b64u", "not 43 canonical base64url characters"),
        RevokeCstRequest.TargetOneofCase.MissionId => check.Required("mission_id", request.MissionId, RequestLimits.MissionMax),
        RevokeCstRequest.TargetOneofCase.None => check.Refuse("target", "none is set"),
        _ => check,
    };

    private static void CheckNarrowing(RequestCheck check, Narrowing? narrowing)
    {
        if (narrowing is null)
        {
            return;
        }

        var total = 0;
        foreach (var (field, list) in new[] { ("tools", narrowing.Tools), ("models", narrowing.Models), ("egress", narrowing.Egress), ("scopes", narrowing.Scopes) })
        {
            total += list?.Items.Count ?? 0;
            foreach (var item in list?.Items ?? [])
            {
                check.Required("narrowing." + field, item, RequestLimits.NarrowingItemMax * 4);
            }
        }

        check.Count("narrowing", total, 0, RequestLimits.NarrowingCountMax);
    }
}
