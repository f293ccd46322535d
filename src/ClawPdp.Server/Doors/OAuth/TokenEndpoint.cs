using ClawPdp.Core.Json;
using ClawPdp.Identity;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;
using ClawPdp.V1;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>
/// Serves token exchange (RFC 8693): a user's ID token, an identity assertion (by the JWT bearer grant too), or a CST to delegate, in; a CST out. The same
/// issuance as IssueCst.
/// </summary>
internal sealed class TokenEndpoint
{
    private readonly ClientAuthentication _clients;
    private readonly CstIssuer _issuer;
    private readonly CstDelegator _delegator;
    private readonly ProvenKey _proven;
    private readonly CallGuard _guard;
    private readonly IssuanceSettings _issuance;
    private readonly OAuthSettings _settings;
    private readonly TimeProvider _time;

    public TokenEndpoint(
        ClientAuthentication clients,
        CstIssuer issuer,
        CstDelegator delegator,
        ProvenKey proven,
        CallGuard guard,
        ServerSettings settings,
        OAuthSettings oauth,
        TimeProvider time)
    {
        _clients = clients;
        _issuer = issuer;
        _delegator = delegator;
        _proven = proven;
        _guard = guard;
        _issuance = settings.Issuance;
        _settings = oauth;
        _time = time;
    }

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (await OAuthForm.ReadAsync(context, ExchangeReader.MayRepeat) is not { } form)
        {
            return;
        }

        var request = new IssueCstRequest();
        if ((FindStranger(context.Request.Headers, form, out var client) ?? ExchangeReader.Read(form, _issuance, request) ?? FindUnbound(form, request, client) ?? _proven.Bind(context, request)) is { } error)
        {
            await OAuthReply.RefuseAsync(context, error);
            return;
        }

        var isGrant = ExchangeReader.IsGrant(form);
        var asked = WireTokens.Read(request) with { Evidence = _proven.EvidenceOf(context), Trace = CallTrace.Of(context.Request.Headers) };
        var outcome = await _guard.WriteItemAsync(
            OAuthPaths.Token,
            PeerNaming.PeerOf(context),
            asked.Credential,
            () => IssueAsync(request.CredentialCase, asked with { Assertion = ExpectationOf(request, client) }, context.RequestAborted),
            static (reason, message) => IssuanceOutcome.Of(new IssuanceRefusal(reason, message)));
        await (outcome.Issued is { } issued
            ? OAuthReply.WriteAsync(context, Write(issued, isGrant))
            : OAuthReply.RefuseAsync(context, IssuanceErrors.Write(outcome.Refusal ?? new IssuanceRefusal(Core.Decisions.ReasonCode.InternalError, "no outcome"), isGrant)));
    }

    private OAuthError? FindStranger(IHeaderDictionary headers, FormParameters form, out OAuthClient? client)
    {
        client = _clients.Authenticate(headers, form, out var error);
        if (error is not null || !_clients.HasClients)
        {
            return error;
        }

        return client is null ? OAuthError.Client("a client has to authenticate itself") : client.Rights.HasFlag(OAuthRights.Exchange) ? null : OAuthError.Right();
    }

    // An assertion is for this issuer and for one client: without a name of ours, or a client that proves who it is, nobody can tell.
    private OAuthError? FindUnbound(FormParameters form, IssueCstRequest request, OAuthClient? client)
    {
        if (request.CredentialCase != IssueCstRequest.CredentialOneofCase.IdJag || (_settings.PublicUrl is not null && client is not null))
        {
            return null;
        }

        var error = OAuthError.Request("an identity assertion needs a public_url and clients in the configuration") with { Reason = "NOT_SUPPORTED" };
        return ExchangeReader.IsGrant(form) ? error with { Error = OAuthError.UnsupportedGrantType } : error;
    }

    private AssertionExpectation? ExpectationOf(IssueCstRequest request, OAuthClient? client) =>
        request.CredentialCase == IssueCstRequest.CredentialOneofCase.IdJag ? new AssertionExpectation(_settings.PublicUrl ?? "", client?.ClientId ?? "") : null;

    private Task<IssuanceOutcome> IssueAsync(IssueCstRequest.CredentialOneofCase kind, IssuanceRequest request, CancellationToken cancellation) =>
        kind == IssueCstRequest.CredentialOneofCase.ParentCst ? _delegator.IssueAsync(request, cancellation) : _issuer.IssueAsync(request, cancellation);

    private static string TypeOf(IssuedToken issued, bool isGrant) => (issued.Holder?.KeyThumbprint, isGrant) switch
    {
        (not null, _) => OAuthNames.Proven,
        (_, true) => OAuthNames.Bearer,
        _ => OAuthNames.NotApplicable,
    };

    // A CST is shown to a decision point, which is no use of an access token of OAuth: its type does not apply. That can be said of what an exchange
    // gives alone; whoever redeems a grant expects the type by which our doors take it.
    private JsonValue Write(IssuedToken issued, bool isGrant) => new JsonObjectBuilder()
        .Add("access_token", issued.Token)
        .AddIfPresent("issued_token_type", isGrant ? null : OAuthNames.Jwt)
        .Add("token_type", TypeOf(issued, isGrant))
        .Add("expires_in", Math.Max(0, issued.Claims.ExpiresAt - _time.GetUtcNow().ToUnixTimeSeconds()))
        .AddIfPresent("scope", ScopeText.Write(issued.Claims.Scope))
        .Add("issuance_id", issued.IssuanceId)
        .AddIfPresent("policy_hash_b64u", issued.Claims.PolicyHash)
        .AddIfPresent("token_scope_hash_b64u", issued.Claims.TokenScopeHash)
        .Build();
}
