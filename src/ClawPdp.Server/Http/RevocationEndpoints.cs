using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;

namespace ClawPdp.Server.Http;

/// <summary>
/// Serves the paged lists of the public service: <c>GET /v1/revocations/events</c> and <c>GET /v1/revocations/stream</c>, to callers with
/// the scope <c>control:audit:read</c>.
/// </summary>
internal static class RevocationEndpoints
{
    private const string Scope = "control:audit:read";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/revocations/events", static context => AnswerAsync(context, WriteEvents));
        routes.MapGet("/v1/revocations/stream", static context => AnswerAsync(context, WriteStream));
    }

    private static async Task AnswerAsync(HttpContext context, Func<ImmutableArray<StoredRevocation>, string?, JsonValue> write)
    {
        var services = context.RequestServices;
        try
        {
            if (!await services.GetRequiredService<ControlAccess>().AdmitAsync(context, Scope))
            {
                return;
            }

            if (!WireRevocations.TryReadCursor(context.Request.Query["cursor"].ToString(), out var before))
            {
                await RefuseAsync(context, StatusCodes.Status400BadRequest, "REQUEST_INVALID", "cursor: not one that was given out");
                return;
            }

            var limit = LimitOf(context.Request.Query["limit"].ToString());
            var ledger = services.GetRequiredService<LedgerStore>();
            var found = await services.GetRequiredService<DiskWork>().RunAsync(() => ledger.Revocations.ReadPage(before, limit + 1), context.RequestAborted);
            var next = found.Length > limit ? found[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null;
            await HttpJson.WriteAsync(context, write([.. found.Take(limit)], next));
        }
        catch (LedgerException failure)
        {
            Log.LedgerFailed(services.GetRequiredService<ILogger<ControlAccess>>(), context.Request.Path, failure.Fault.ToString());
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "LEDGER_UNAVAILABLE", "the ledger cannot be read");
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return HttpJson.WriteAsync(context, new JsonObjectBuilder().Add("error", code).Add("message", message).Build());
    }

    // As the public service: what is no number counts as the default, and numbers are brought into bounds.
    private static int LimitOf(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
        ? Math.Clamp(limit, 1, RequestLimits.PageSizeMax)
        : RequestLimits.PageSizeDefault;

    private static JsonValue WriteEvents(ImmutableArray<StoredRevocation> found, string? cursor) => Page(new JsonObjectBuilder(), found, cursor, static (_, item) => item);

    private static JsonValue WriteStream(ImmutableArray<StoredRevocation> found, string? cursor) =>
        Page(new JsonObjectBuilder().Add("stream_version", "1"), found, cursor, static (place, item) => item.Add("sequence", place));

    private static JsonValue Page(
        JsonObjectBuilder page,
        ImmutableArray<StoredRevocation> found,
        string? cursor,
        Func<int, JsonObjectBuilder, JsonObjectBuilder> mark) => page
            .Add("events", JsonValue.ArrayOf([.. found.Select((revocation, index) => mark(index + 1, new JsonObjectBuilder())
                .Add("key", RevocationFeedKey.Of(revocation.Record))
                .Add("record", RecordOf(revocation.Record))
                .Build())]))
            .Add("cursor", cursor is null ? JsonValue.Null : JsonValue.Of(cursor))
            .Add("list_complete", JsonValue.Of(cursor is null))
            .Build();

    private static JsonValue RecordOf(RevocationRecord record)
    {
        var revokedAt = record.RevokedAt.ToUnixTimeSeconds();
        var json = new JsonObjectBuilder();
        if (record.Kind == RevocationTargetKind.TokenHash)
        {
            json.Add("token_hash", record.Value);
        }
        else
        {
            json.Add("target_kind", RevocationFeedKey.NameOf(record.Kind)).Add("target_value", record.Value);
        }

        return json
            .Add("revoked_at", revokedAt)
            .Add("revoked_at_iso", DateTimeOffset.FromUnixTimeSeconds(revokedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture))
            .AddIfPresent("reason", record.Reason)
            .Add("revoked_by", record.RevokedBy)
            .Build();
    }
}
