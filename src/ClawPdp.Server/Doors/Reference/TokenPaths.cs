using System.Text;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Json;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Ledger;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Serves introspection as the public issuer does: whoever holds a token may ask, and what is wrong with it is an error.</summary>
internal sealed class TokenPaths
{
    // Never given back: the one would make the token, the others name nothing.
    private static readonly string[] Unsaid = ["token_version", "jti", "nonce"];

    private readonly DecisionEngine _engine;
    private readonly RevocationDesk _revocations;
    private readonly DiskWork _disk;
    private readonly TimeProvider _time;

    public TokenPaths(DecisionEngine engine, RevocationDesk revocations, DiskWork disk, TimeProvider time)
    {
        _engine = engine;
        _revocations = revocations;
        _disk = disk;
        _time = time;
    }

    /// <summary>Says what a token holds.</summary>
    public Task IntrospectAsync(HttpContext context) => AnswerAsync(context, async (_, token, isRevoked) =>
    {
        var json = new JsonObjectBuilder().Add("active", JsonValue.Of(!isRevoked));
        if (isRevoked)
        {
            json.Add("revoked", JsonValue.Of(true));
        }

        json.Add("token_hash", token.TokenHash);
        foreach (var claim in token.Claims.ToJson().Members.Where(static claim => !Unsaid.Contains(claim.Name, StringComparer.Ordinal)))
        {
            json.Add(claim.Name, claim.Value);
        }

        if (token.Holder is { } holder)
        {
            json.Add("cnf", holder.ToJson());
        }

        if (isRevoked && await _disk.RunAsync(() => _revocations.FindTime(token), context.RequestAborted) is { } time)
        {
            json.Add("revoked_at", time.ToUnixTimeSeconds()).Add("revoked_at_iso", ReferenceText.Time(time.ToUnixTimeSeconds()));
        }

        await HttpJson.WriteAsync(context, AddKey(json, token).Build());
    });

    /// <summary>Says which changes of the control plane a token allows.</summary>
    public Task GetMatrixAsync(HttpContext context) => AnswerAsync(context, (body, token, isRevoked) =>
    {
        var transition = body.FindText("transition");
        if (transition is not null && !TransitionMatrix.Has(transition))
        {
            return ReferenceBody.RefuseAsync(context, "TRANSITION_UNKNOWN", "there is no such transition");
        }

        var matrix = TransitionMatrix.Of(token);
        var json = new JsonObjectBuilder()
            .Add("active", JsonValue.Of(!isRevoked))
            .Add("revoked", JsonValue.Of(isRevoked))
            .Add("token_hash", token.TokenHash)
            .Add("transition", transition is null ? JsonValue.Null : JsonValue.Of(transition));
        if (isRevoked)
        {
            json.Add("error", ReasonCatalog.NameOf(ReasonCode.TokenRevoked)).Add("message", "the token is revoked");
        }
        else
        {
            json.Add("transition_result", transition is null ? JsonValue.Null : matrix.Find(transition) ?? JsonValue.Null);
        }

        return HttpJson.WriteAsync(context, AddKey(json.Add("matrix", matrix), token).Build());
    });

    // A token here always names its key.
    private static JsonObjectBuilder AddKey(JsonObjectBuilder json, VerifiedToken token) => json.Add("kid", token.Key.Key.KeyId).Add("kid_source", "header");

    private async Task AnswerAsync(HttpContext context, Func<JsonValue, VerifiedToken, bool, Task> answer)
    {
        if (await ReferenceBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        if (body.FindText("token") is not { Length: > 0 } text)
        {
            await ReferenceBody.RefuseAsync(context, "INVALID_REQUEST", "token is missing");
            return;
        }

        try
        {
            var examined = Encoding.UTF8.GetByteCount(text) > RequestLimits.CstMax
                ? new TokenVerification(null, ReasonCode.TokenMalformed, "longer than a token can be")
                : _engine.Inspect(text, _time.GetUtcNow());
            await (examined is { Token: { } token, Reason: ReasonCode.Allowed or ReasonCode.TokenRevoked }
                ? answer(body, token, examined.Reason == ReasonCode.TokenRevoked)
                : HttpJson.RefuseAsync(context, StatusCodes.Status401Unauthorized, ReasonCatalog.NameOf(examined.Reason), examined.Message));
        }
        catch (LedgerException failure)
        {
            Log.LedgerFailed(context.RequestServices.GetRequiredService<ILogger<TokenPaths>>(), context.Request.Path, failure.Fault.ToString());
            await HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "LEDGER_UNAVAILABLE", "the ledger cannot be read");
        }
    }
}
