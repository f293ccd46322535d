using System.Globalization;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Settings;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// Puts a token exchange (RFC 8693 section 2.1), or an identity assertion by the JWT bearer grant (RFC 7523 section 2.1), into the words of IssueCst.
/// </summary>
internal static class ExchangeReader
{
    /// <summary>The parameters that may come more than once.</summary>
    public static readonly string[] MayRepeat = ["audience", "resource"];

    private const long LifetimeMaxSeconds = int.MaxValue;

    /// <summary>Tells whether the credential comes as the assertion of a grant, and not as the subject token of an exchange.</summary>
    public static bool IsGrant(FormParameters form) => form.Find("grant_type") is OAuthNames.JwtBearer;

    /// <summary>Reads a request.</summary>
    /// <param name="form">The form.</param>
    /// <param name="issuance">The bounds of issuance; its one audience stands in for one that is not named.</param>
    /// <param name="request">Receives the request in our words, as far as it could be put.</param>
    /// <returns>What is wrong; <see langword="null"/> when nothing is.</returns>
    public static OAuthError? Read(FormParameters form, IssuanceSettings issuance, IssueCstRequest request)
    {
        request.AgentDid = form.Find("agent_did") ?? "";
        request.MissionId = form.Find("mission_id") ?? "";
        request.PolicyHashB64U = form.Find("policy_hash_b64u") ?? "";
        request.Group = form.Find("group") ?? "";
        request.OwnerDid = form.Find("owner_did") ?? "";
        request.ControllerDid = form.Find("controller_did") ?? "";
        request.DelegationSpendCapMinor = form.Find("delegation_spend_cap_minor") ?? "";
        request.TaskDescriptionHashB64U = form.Find("task_description_hash_b64u") ?? "";
        return CheckTypes(form) ?? ReadSubject(form, request) ?? ReadTargets(form, issuance, request) ?? ReadScope(form, request) ?? ReadNumbers(form, request) ?? CheckLimits(request);
    }

    private static OAuthError? CheckTypes(FormParameters form)
    {
        switch (form.Find("grant_type"))
        {
            case OAuthNames.TokenExchange:
                break;
            case OAuthNames.JwtBearer:
                return form.Find("subject_token") is null && form.Find("actor_token") is null && form.Find("requested_token_type") is null
                    ? null
                    : OAuthError.Request("the parameters of a token exchange do not go with an assertion");
            case null:
                return OAuthError.Request("grant_type is missing");
            default:
                return new OAuthError(StatusCodes.Status400BadRequest, OAuthError.UnsupportedGrantType, "only token exchange (RFC 8693) and the JWT bearer grant (RFC 7523) are supported");
        }

        if (form.Find("actor_token") is null != form.Find("actor_token_type") is null)
        {
            return OAuthError.Request("actor_token and actor_token_type come together or not at all");
        }

        if (form.Find("actor_token") is not null)
        {
            return OAuthError.Request("actor tokens are not taken: agent_did names the agent");
        }

        return form.Find("requested_token_type") is null or OAuthNames.Jwt ? null : OAuthError.Request("requested_token_type: only a JWT is issued, " + OAuthNames.Jwt);
    }

    private static OAuthError? ReadSubject(FormParameters form, IssueCstRequest request)
    {
        if (IsGrant(form))
        {
            request.IdJag = form.Find("assertion") ?? "";
            return request.IdJag.Length > 0 ? null : OAuthError.Request("assertion is missing");
        }

        if (form.Find("subject_token") is not { } token)
        {
            return OAuthError.Request("subject_token is missing");
        }

        switch (form.Find("subject_token_type"))
        {
            case OAuthNames.IdToken:
                request.IdToken = token;
                return null;
            case OAuthNames.IdJag:
                request.IdJag = token;
                return null;
            case OAuthNames.Jwt:
                request.ParentCst = token;
                return null;
            case null:
                return OAuthError.Request("subject_token_type is missing");
            default:
                return OAuthError.Request("subject_token_type: an ID token, an ID-JAG or, to delegate, a CST as a JWT is expected") with { Reason = "NOT_SUPPORTED" };
        }
    }

    private static OAuthError? ReadTargets(FormParameters form, IssuanceSettings issuance, IssueCstRequest request)
    {
        request.Audiences.AddRange(form.All("audience"));
        foreach (var resource in form.All("resource"))
        {
            if (!Uri.TryCreate(resource, UriKind.Absolute, out _) || resource.Contains('#', StringComparison.Ordinal))
            {
                return new OAuthError(StatusCodes.Status400BadRequest, "invalid_target", "resource: an absolute URI without a fragment is expected");
            }

            request.Audiences.Add(resource);
        }

        if (request.Audiences.Count > 0)
        {
            return null;
        }

        if (issuance.Audiences is not [var only])
        {
            return OAuthError.Request("audience is missing, and there is not only one that could be meant");
        }

        request.Audiences.Add(only);
        return null;
    }

    private static OAuthError? ReadScope(FormParameters form, IssueCstRequest request)
    {
        if (form.Find("scope") is not { } scope)
        {
            return null;
        }

        request.Narrowing = ScopeText.Read(scope);
        return request.Narrowing is null
            ? new OAuthError(StatusCodes.Status400BadRequest, "invalid_scope", "scope: items like tool:NAME, model:NAME and egress:HOST, parted by single spaces, are expected")
            : null;
    }

    private static OAuthError? ReadNumbers(FormParameters form, IssueCstRequest request)
    {
        if (form.Find("requested_ttl") is { } lifetime)
        {
            if (!long.TryParse(lifetime, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LifetimeMaxSeconds)
            {
                return OAuthError.Request("requested_ttl: a whole number of seconds is expected");
            }

            request.RequestedTtl = new Duration { Seconds = seconds };
        }

        if (form.Find("spend_cap") is { } cap)
        {
            if (!double.TryParse(cap, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
            {
                return OAuthError.Request("spend_cap: a decimal number is expected");
            }

            request.SpendCap = amount;
        }

        return null;
    }

    private static OAuthError? CheckLimits(IssueCstRequest request) =>
        TokenRequestChecks.Check(request) is { } fault ? OAuthError.Request(fault.ToString()) with { Reason = "REQUEST_INVALID" } : null;
}
