using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Callers;

namespace ClawPdp.Server.Http;

/// <summary>
/// Lets a caller of the HTTP port in by a CST of the canonical lane that has a control scope, as the public service does: in
/// <c>X-CST</c>, <c>X-Scoped-Token</c> or <c>Authorization</c>, which must not contradict each other.
/// </summary>
internal sealed class ControlAccess
{
    private const string AnyControl = "control:*";

    private readonly DecisionEngine _engine;
    private readonly TimeProvider _time;

    public ControlAccess(DecisionEngine engine, TimeProvider time)
    {
        _engine = engine;
        _time = time;
    }

    /// <summary>Gives the subject of a caller that has a scope; writes the refusal when it has not, and gives <see langword="null"/>.</summary>
    public async Task<string?> AdmitAsync(HttpContext context, string scope)
    {
        if (Find(context, scope, out var subject) is not var (status, code, message))
        {
            return subject;
        }

        await HttpJson.RefuseAsync(context, status, code, message);
        return null;
    }

    /// <summary>Looks for what keeps the caller out.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scope">The scope that it needs.</param>
    /// <param name="subject">Receives the subject of the caller's token; empty when the caller is kept out.</param>
    /// <returns>The refusal; <see langword="null"/> when the caller has the scope.</returns>
    public (int Status, string Code, string Message)? Find(HttpContext context, string scope, out string subject)
    {
        subject = "";
        if (ReadToken(context.Request.Headers, out var token) is { } unreadable)
        {
            return unreadable;
        }

        var examined = _engine.Examine(PresentedToken.FromString(token).ShownWith(CallEvidence.Of(context)), _time.GetUtcNow());
        if (examined is not { Reason: ReasonCode.Allowed, Token: { } verified })
        {
            return (StatusCodes.Status401Unauthorized, ReasonCatalog.NameOf(examined.Reason), examined.Message);
        }

        var refusal = CheckToken(verified, scope);
        subject = refusal is null ? verified.Claims.Subject : "";
        return refusal;
    }

    private static (int Status, string Code, string Message)? ReadToken(IHeaderDictionary headers, out string token)
    {
        var authorization = headers.Authorization.ToString();
        var bearer = BearerText.FindToken(authorization) ?? authorization;
        token = bearer;
        if (bearer.Length > 0 && bearer.Count(static unit => unit == '.') != 2)
        {
            return (StatusCodes.Status401Unauthorized, "LEGACY_AUTH_FORBIDDEN", "a CST is expected, not another credential");
        }

        foreach (var name in (ReadOnlySpan<string>)["X-CST", "X-Scoped-Token"])
        {
            var given = headers[name].ToString();
            if (given.Length > 0 && token.Length > 0 && !string.Equals(given, token, StringComparison.Ordinal))
            {
                return (StatusCodes.Status401Unauthorized, "TOKEN_MALFORMED", "the headers hold different tokens");
            }

            token = given.Length > 0 ? given : token;
        }

        return null;
    }

    private static (int Status, string Code, string Message)? CheckToken(VerifiedToken token, string scope)
    {
        var claims = token.Claims;
        if (claims is not { OwnerDid: not null, ControllerDid: not null, AgentDid: not null, TokenLane: "canonical" })
        {
            return (StatusCodes.Status401Unauthorized, "TOKEN_CONTROL_CHAIN_MISSING", "the token is not of the canonical lane");
        }

        return token.Scope.PlainScopes.Contains(scope, StringComparer.Ordinal) || token.Scope.PlainScopes.Contains(AnyControl, StringComparer.Ordinal)
            ? null
            : (StatusCodes.Status403Forbidden, "TOKEN_INSUFFICIENT_SCOPE", $"the token lacks the scope {scope}");
    }
}
