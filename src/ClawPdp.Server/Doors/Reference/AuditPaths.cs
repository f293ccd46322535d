using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Ledger;
using ClawPdp.Server.Grpc;
using ClawPdp.Server.Http;
using ClawPdp.Server.Issuance;
using ClawPdp.Server.Overload;
using ClawPdp.Server.Revocations;
using ClawPdp.Server.Time;

namespace ClawPdp.Server.Doors.Reference;

/// <summary>Serves the pages of issuances and revocations, to callers with the scope <c>control:audit:read</c>. They name no user.</summary>
internal sealed class AuditPaths
{
    private const string Scope = "control:audit:read";

    // What an issuance's own record says beside: who the user is and how its groups became a grant. The export bundle has it.
    private static readonly string[] Unsaid = ["record_version", "issuance_id", "issued_at", "identity", "parent", "mapping_hash_b64u"];

    private readonly ControlAccess _access;
    private readonly LedgerStore _ledger;
    private readonly DiskWork _disk;
    private readonly TimeProvider _time;

    public AuditPaths(ControlAccess access, LedgerStore ledger, DiskWork disk, TimeProvider time)
    {
        _access = access;
        _ledger = ledger;
        _disk = disk;
        _time = time;
    }

    /// <summary>Gives a page of issuances, the latest first.</summary>
    public Task GetIssuanceAsync(HttpContext context) => AnswerAsync(context, () =>
        TryReadCursor(context, "cursor", out var before) ? ReadIssuances(before, LimitOf(context)) : null);

    /// <summary>Gives a page of issuances and one of revocations.</summary>
    public Task GetBundleAsync(HttpContext context) => AnswerAsync(context, () =>
        TryReadCursor(context, "cursor_issuance", out var issuance) && TryReadCursor(context, "cursor_revocations", out var revocations)
            ? new JsonObjectBuilder()
                .Add("generated_at", _time.GetUtcNow().ToUnixTimeSeconds())
                .Add("issuance", ReadIssuances(issuance, LimitOf(context)))
                .Add("revocations", RevocationEndpoints.WriteEvents(RevocationPage.Read(_ledger.Revocations, revocations, LimitOf(context))))
                .Build()
            : null);

    private static bool TryReadCursor(HttpContext context, string name, out long before) =>
        WireRevocations.TryReadCursor(context.Request.Query[name].ToString(), out before);

    private static int LimitOf(HttpContext context) => RevocationEndpoints.LimitOf(context.Request.Query["limit"].ToString());

    private static JsonValue Write(IssuanceRecord issuance)
    {
        var payload = LedgerLineages.PayloadOf(issuance);
        var seconds = (long)(payload.Find("iat")?.Number ?? issuance.IssuedAt.ToUnixTimeSeconds());
        var record = new JsonObjectBuilder().Add("issued_at", seconds).Add("issued_at_iso", ReferenceText.Time(seconds));
        foreach (var member in payload.Members.Where(static member => !Unsaid.Contains(member.Name, StringComparer.Ordinal)))
        {
            record.Add(member.Name, member.Value);
        }

        return new JsonObjectBuilder()
            .Add("key", $"events:issuance:{ReferenceText.Inverted(seconds)}:{issuance.TokenHash}")
            .Add("record", record.Build())
            .Build();
    }

    private JsonValue ReadIssuances(long before, int limit)
    {
        // One more than asked for tells whether there is another page.
        var found = _ledger.Policies.ReadIssuances(before, limit + 1);
        var isComplete = found.Length <= limit;
        return new JsonObjectBuilder()
            .Add("events", JsonValue.ArrayOf([.. found.Take(limit).Select(static item => Write(item.Record))]))
            .Add("cursor", isComplete ? JsonValue.Null : JsonValue.Of(found[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture)))
            .Add("list_complete", JsonValue.Of(isComplete))
            .Build();
    }

    private async Task AnswerAsync(HttpContext context, Func<JsonValue?> read)
    {
        try
        {
            if (await _access.AdmitAsync(context, Scope) is null)
            {
                return;
            }

            var page = await _disk.RunAsync(read, context.RequestAborted);
            await (page is null
                ? HttpJson.RefuseAsync(context, StatusCodes.Status400BadRequest, "REQUEST_INVALID", "a cursor is not one that was given out")
                : HttpJson.WriteAsync(context, page));
        }
        catch (LedgerException failure)
        {
            Log.LedgerFailed(context.RequestServices.GetRequiredService<ILogger<AuditPaths>>(), context.Request.Path, failure.Fault.ToString());
            await HttpJson.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "LEDGER_UNAVAILABLE", "the ledger cannot be read");
        }
    }
}
