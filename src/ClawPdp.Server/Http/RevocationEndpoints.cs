using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Callers;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Time;

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
        routes.MapGet("/v1/revocations/events", static context => AnswerAsync(context, WriteEvents)).OnPlane(Plane.Admin);
        routes.MapGet("/v1/revocations/stream", static context => AnswerAsync(context, WriteStream)).OnPlane(Plane.Admin);
    }

    /// <summary>Reads how long a page shall be, as the public service: what is no number counts as the default, and numbers are brought into bounds.</summary>
    public static int LimitOf(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit)
        ? Math.Clamp(limit, 1, RequestLimits.PageSizeMax)
        : RequestLimits.PageSizeDefault;

    /// <summary>Writes a page.</summary>
    public static JsonValue WriteEvents(RevocationPage page) => Write(new JsonObjectBuilder(), page, static (_, item) => item);

    private static async Task AnswerAsync(HttpContext context, Func<RevocationPage, JsonValue> write)
    {
        var services = context.RequestServices;
        try
        {
            if (await services.GetRequiredService<ControlAccess>().AdmitAsync(context, Scope) is null)
            {
                return;
            }

            if (!WireRevocations.TryReadCursor(context.Request.Query["cursor"].ToString(), out var before))
            {
                await HttpJson.RefuseAsync(context, StatusCodes.Status400BadRequest, "REQUEST_INVALID", "cursor: not one that was given out");
                return;
            }

            var limit = LimitOf(context.Request.Query["limit"].ToString());
            var ledger = services.GetRequiredService<LedgerStore>();
            var page = await services.GetRequiredService<DiskWork>().RunAsync(() => RevocationPage.Read(ledger.Revocations, before, limit), context.RequestAborted);
            await HttpJson.WriteAsync(context, write(page));
        }
        catch (LedgerException failure)
        {
            Log.LedgerFailed(services.GetRequiredService<ILogger<ControlAccess>>(), context.Request.Path, failure.Fault.ToString());
            await HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "LEDGER_UNAVAILABLE", "the ledger cannot be read");
        }
    }

    private static JsonValue WriteStream(RevocationPage page) =>
        Write(new JsonObjectBuilder().Add("stream_version", "1"), page, static (place, item) => item.Add("sequence", place));

    private static JsonValue Write(JsonObjectBuilder json, RevocationPage page, Func<int, JsonObjectBuilder, JsonObjectBuilder> mark) => json
        .Add("events", JsonValue.ArrayOf([.. page.Revocations.Select((revocation, index) => mark(index + 1, new JsonObjectBuilder())
            .Add("key", RevocationFeedKey.Of(revocation.Record))
            .Add("record", RecordOf(revocation.Record))
            .Build())]))
        .Add("cursor", page.Cursor is null ? JsonValue.Null : JsonValue.Of(page.Cursor))
        .Add("list_complete", JsonValue.Of(page.Cursor is null))
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
            .Add("revoked_at_iso", ReferenceText.Time(revokedAt))
            .AddIfPresent("reason", record.Reason)
            .Add("revoked_by", record.RevokedBy)
            .Build();
    }
}
