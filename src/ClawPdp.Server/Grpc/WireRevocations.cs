using System.Globalization;
using ClawPdp.Ledger;
using ClawPdp.Server.Revocations;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates revocations between the wire contract and the ledger.</summary>
internal static class WireRevocations
{
    /// <summary>Reads a cursor that was given out; false for any other text.</summary>
    /// <param name="cursor">The cursor; empty stands for the first page.</param>
    /// <param name="before">Receives the sequence that the page ends before; 0 for the first page.</param>
    public static bool TryReadCursor(string cursor, out long before)
    {
        before = 0;
        return cursor.Length == 0 || (long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before) && before > 0);
    }

    /// <summary>Gives how many events a page has at most.</summary>
    public static int LimitOf(uint limit) => limit == 0 ? RequestLimits.PageSizeDefault : (int)Math.Min(limit, RequestLimits.PageSizeMax);

    /// <summary>Writes one revocation.</summary>
    public static RevocationEvent Write(StoredRevocation stored)
    {
        var record = stored.Record;
        return new RevocationEvent
        {
            Sequence = (ulong)stored.LastSequence,
            Key = RevocationFeedKey.Of(record),
            Kind = (V1.RevocationKind)(int)record.Kind,
            Value = record.Value,
            RevokedAt = Timestamp.FromDateTimeOffset(record.RevokedAt),
            RevocationId = record.RevocationId,
            Reason = record.Reason ?? "",
            RevokedBy = record.RevokedBy,
            ExpiresAt = record.ExpiresAt is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        };
    }

    /// <summary>Writes a page.</summary>
    public static ListRevocationsResponse Write(RevocationPage page)
    {
        var response = new ListRevocationsResponse { ListComplete = page.Cursor is null, Cursor = page.Cursor ?? "" };
        response.Events.AddRange(page.Revocations.Select(Write));
        return response;
    }
}
