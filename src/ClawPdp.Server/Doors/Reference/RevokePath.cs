using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Serves revocation as the public issuer does, to callers with the scope <c>control:token:revoke</c>.</summary>
internal sealed class RevokePath
{
    private const string Scope = "control:token:revoke";
    private const int TokenHashLength = 64;

    private readonly ControlAccess _access;
    private readonly RevocationDesk _desk;
    private readonly CallGuard _guard;

    public RevokePath(ControlAccess access, RevocationDesk desk, CallGuard guard)
    {
        _access = access;
        _desk = desk;
        _guard = guard;
    }

    /// <summary>Answers a request.</summary>
    public async Task RevokeAsync(HttpContext context)
    {
        if (await _access.AdmitAsync(context, Scope) is not { } subject || await ReferenceBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        var token = EcmaScriptText.Trim(body.FindText("token") ?? "");
        var hash = token.Length > 0 ? Sha256.Hex(token) : EcmaScriptText.Trim(body.FindText("token_hash") ?? "").ToLowerInvariant();
        if (hash.Length != TokenHashLength || !hash.All(char.IsAsciiHexDigitLower))
        {
            await ReferenceBody.RefuseAsync(context, "INVALID_TOKEN_HASH", "a token, or the SHA-256 of its text as 64 hexadecimal digits, is expected");
            return;
        }

        var outcome = await _guard.RevokeItemAsync(
            "/v1/tokens/revoke",
            PeerNaming.PeerOf(context),
            () => RevokeAsync(token, hash, ReasonOf(body), AdminIdentity.Of(context, subject).ToString()),
            static (reason, message) => new RevocationOutcome { Refusal = (reason, message, "token") });
        await (outcome.Refusal is var (reason, message, _)
            ? RefuseAsync(context, reason, message)
            : HttpJson.WriteAsync(context, Write(outcome, hash)));
    }

    private static string ReasonOf(JsonValue body)
    {
        var reason = EcmaScriptText.Trim(body.FindText("reason") ?? "");
        return reason.Length <= RequestLimits.ReasonMax ? reason : reason[..RequestLimits.ReasonMax];
    }

    private static Task RefuseAsync(HttpContext context, ReasonCode reason, string message)
    {
        context.Response.Headers.RetryAfter = "1";
        var status = reason == ReasonCode.InternalError ? StatusCodes.Status500InternalServerError : StatusCodes.Status503ServiceUnavailable;
        return HttpJson.RefuseAsync(context, status, ReasonCatalog.NameOf(reason), message);
    }

    private static JsonValue Write(RevocationOutcome outcome, string hash)
    {
        var seconds = outcome.RevokedAt.ToUnixTimeSeconds();
        return new JsonObjectBuilder()
            .Add("status", outcome.IsNew ? "revoked" : "already_revoked")
            .Add("token_hash", hash)
            .Add("revoked_at", seconds)
            .Add("revoked_at_iso", ReferenceText.Time(seconds))
            .AddIfPresent("event_key", outcome.IsNew ? $"events:revocations:{ReferenceText.Inverted(seconds)}:{hash}" : null)
            .Build();
    }

    // As the public issuer does, also a text that is no token.
    private Task<RevocationOutcome> RevokeAsync(string token, string hash, string reason, string by) =>
        token.Length is > 0 and <= RequestLimits.CstMax ? _desk.RevokeTextAsync(token, reason, by) : _desk.RevokeTokenHashAsync(hash, reason, by);
}
