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
    /// <param name="ledger">What is read.</param>
    /// <param name="before">The sequence that the page ends before; 0 for the first page.</param>
    /// <param name="limit">The most events.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static ListRevocationsResponse WritePage(RevocationLedger ledger, long before, int limit)
    {
        // One more than asked for tells whether there is another page.
        var found = ledger.ReadPage(before, limit + 1);
        var isComplete = found.Length <= limit;
        var response = new ListRevocationsResponse { ListComplete = isComplete };
        response.Events.AddRange(found.Take(limit).Select(Write));
        if (!isComplete)
        {
            response.Cursor = found[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture);
        }

        return response;
    }
}
