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
            .Text("holder", request.Holder?.HolderCase == TokenHolder.HolderOneofCase.JwkThumbprint ? request.Holder.JwkThumbprint : "", RequestLimits.PolicyHashMax)
            .Text("agent_did", request.AgentDid, RequestLimits.DidMax)
            .Count("audiences", request.Audiences.Count, 1, RequestLimits.AudienceCountMax)
            .Text("mission_id", request.MissionId, RequestLimits.MissionMax)
            .Text("policy_hash_b64u", request.PolicyHashB64U, RequestLimits.PolicyHashMax)
            .Text("group", request.Group, RequestLimits.GroupMax)
            .Text("owner_did", request.OwnerDid, RequestLimits.DidMax)
            .Text("controller_did", request.ControllerDid, RequestLimits.DidMax)
            .Text("delegation_spend_cap_minor", request.DelegationSpendCapMinor, RequestLimits.IdentifierMax)
            .Text("task_description_hash_b64u", request.TaskDescriptionHashB64U, RequestLimits.PolicyHashMax);
        CheckDelegation(check, request);
        foreach (var audience in request.Audiences)
        {
            check.Required("audiences", audience, RequestLimits.AudienceMax);
            if (audience.AsSpan().Trim().Length != audience.Length)
            {
                check.Refuse("audiences", "white space at an end");
            }
        }

        // Verifiers trim it; a mission that could be spelt in two ways could not be revoked by one of them.
        if (request.MissionId.AsSpan().Trim().Length != request.MissionId.Length)
        {
            check.Refuse("mission_id", "white space at an end");
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

    /// <summary>Looks for the first fault of a request for a page.</summary>
    /// <param name="request">The request.</param>
    /// <param name="before">Receives the sequence that the page ends before; 0 for the first page.</param>
    public static RequestFault? Check(ListRevocationsRequest request, out long before)
    {
        var check = new RequestCheck().Text("cursor", request.Cursor, RequestLimits.IdentifierMax);
        if (!WireRevocations.TryReadCursor(request.Cursor, out before))
        {
            check.Refuse("cursor", "not one that was given out");
        }

        return check.Fault;
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

    private static void CheckDelegation(RequestCheck check, IssueCstRequest request)
    {
        if (request.CredentialCase == IssueCstRequest.CredentialOneofCase.ParentCst)
        {
            return;
        }

        if (request.DelegationSpendCapMinor.Length > 0)
        {
            check.Refuse("delegation_spend_cap_minor", "only with `parent_cst`");
        }

        if (request.TaskDescriptionHashB64U.Length > 0)
        {
            check.Refuse("task_description_hash_b64u", "only with `parent_cst`");
        }
    }

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
