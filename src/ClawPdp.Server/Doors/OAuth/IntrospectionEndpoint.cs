using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Grpc;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Serves introspection (RFC 7662): what a token is worth now. One that is worth nothing is inactive, and nothing else is said of it.</summary>
internal sealed class IntrospectionEndpoint
{
    private const string Scope = "control:audit:read";

    private static readonly JsonValue Inactive = new JsonObjectBuilder().Add("active", JsonValue.Of(false)).Build();

    private readonly OAuthCaller _caller;
    private readonly OAuthSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly CallGuard _guard;
    private readonly TimeProvider _time;

    public IntrospectionEndpoint(OAuthCaller caller, OAuthSettings settings, DecisionEngine engine, CallGuard guard, TimeProvider time)
    {
        _caller = caller;
        _settings = settings;
        _engine = engine;
        _guard = guard;
        _time = time;
    }

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (await OAuthForm.ReadAsync(context) is not { } form)
        {
            return;
        }

        var token = form.Find("token");
        if ((_caller.Find(context, form, OAuthRights.Introspect, Scope, out _) ?? (token is null ? OAuthError.Request("token is missing") : null)) is { } error)
        {
            await OAuthReply.RefuseAsync(context, error);
            return;
        }

        var examined = await _guard.RunItemAsync(
            OAuthPaths.Introspect,
            () => Task.FromResult(Examine(token ?? "")),
            static (reason, message) => new TokenVerification(null, reason, message));
        await (examined.Reason is ReasonCode.Overloaded or ReasonCode.LedgerUnavailable or ReasonCode.InternalError
            ? OAuthReply.RefuseAsync(context, IssuanceErrors.Write(examined.Reason, examined.Message))
            : OAuthReply.WriteAsync(context, Write(examined)));
    }

    private TokenVerification Examine(string token) => Encoding.UTF8.GetByteCount(token) > RequestLimits.CstMax
        ? new TokenVerification(null, ReasonCode.TokenMalformed, "longer than a token can be")
        : _engine.Inspect(token, _time.GetUtcNow());

    private JsonValue Write(TokenVerification examined)
    {
        if (examined is not { Reason: ReasonCode.Allowed, Token: { } token })
        {
            return Inactive;
        }

        var claims = token.Claims;
        return new JsonObjectBuilder()
            .Add("active", JsonValue.Of(true))
            .AddIfPresent("scope", ScopeText.Write(claims.Scope))
            .Add("client_id", claims.AgentDid ?? claims.Subject)
            .Add("token_type", OAuthNames.NotApplicable)
            .Add("exp", claims.ExpiresAt)
            .Add("iat", claims.IssuedAt)
            .Add("sub", claims.Subject)
            .Add("aud", claims.Audience is [var only] ? JsonValue.Of(only) : JsonValue.ArrayOf(claims.Audience))
            .AddIfPresent("iss", _settings.PublicUrl)
            .AddIfPresent("jti", claims.TokenId)
            .AddIfPresent("cnf", token.Holder?.ToJson())
            .AddIfPresent("policy_hash_b64u", claims.PolicyHash)
            .AddIfPresent("token_scope_hash_b64u", claims.TokenScopeHash)
            .AddIfPresent("token_lane", claims.TokenLane)
            .AddIfPresent("mission_id", claims.MissionId)
            .AddIfPresent("delegation_id", claims.DelegationId)
            .AddIfPresent("delegator_did", claims.DelegatorDid)
            .Build();
    }
}
