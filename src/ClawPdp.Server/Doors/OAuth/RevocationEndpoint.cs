using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;

namespace ClawPdp.Server.Doors.OAuth;

/// <summary>Serves revocation (RFC 7009). It is answered when it is on disk; a token that is none of ours is no error.</summary>
internal sealed class RevocationEndpoint
{
    private const string Scope = "control:token:revoke";

    private readonly OAuthCaller _caller;
    private readonly RevocationDesk _desk;
    private readonly CallGuard _guard;

    public RevocationEndpoint(OAuthCaller caller, RevocationDesk desk, CallGuard guard)
    {
        _caller = caller;
        _desk = desk;
        _guard = guard;
    }

    /// <summary>Answers a request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        if (await OAuthForm.ReadAsync(context) is not { } form)
        {
            return;
        }

        var token = form.Find("token");
        if ((_caller.Find(context, form, OAuthRights.Revoke, Scope, out var name) ?? (token is null ? OAuthError.Request("token is missing") : null)) is { } error)
        {
            await OAuthReply.RefuseAsync(context, error);
            return;
        }

        var outcome = await _guard.RevokeItemAsync(OAuthPaths.Revoke, PeerNaming.PeerOf(context), () => RevokeAsync(token ?? "", AdminIdentity.Of(context, name)), Refuse);
        if (outcome.Refusal is var (reason, message, _) && reason is ReasonCode.Overloaded or ReasonCode.LedgerUnavailable or ReasonCode.InternalError)
        {
            await OAuthReply.RefuseAsync(context, IssuanceErrors.Write(reason, message));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
    }

    private static RevocationOutcome Refuse(ReasonCode reason, string message) => new() { Refusal = (reason, message, "token") };

    // What was kept in a file has an end of line.
    private Task<RevocationOutcome> RevokeAsync(string given, AdminIdentity identity)
    {
        var token = given.Trim();
        return Encoding.UTF8.GetByteCount(token) > RequestLimits.CstMax
            ? Task.FromResult(Refuse(ReasonCode.TokenMalformed, "longer than a token can be"))
            : _desk.RevokeTextAsync(token, "revoked by " + identity.Holder, identity.ToString());
    }
}
