using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>What each kind of record means for the ones before it. Runs inside the writer's transaction.</summary>
internal static class Appends
{
    public static AppendOutcome Receipt(WriteSession session, ReceiptRecord record, byte[] content)
    {
        if (session.Tables.Receipts.FindByNonce(record.IdempotencyScope, record.Nonce) is { } stored)
        {
            return Replay(stored, record);
        }

        var sequence = session.Append(RecordKind.Receipt, content);
        session.Tables.Receipts.Insert(sequence, record);
        return new AppendOutcome(AppendStatus.Appended, record, sequence);
    }

    public static long Issuance(WriteSession session, IssuanceRecord record, byte[] content)
    {
        var sequence = session.Append(RecordKind.Issuance, content);
        session.Tables.Issuances.Insert(sequence, record);
        return sequence;
    }

    public static RevokeOutcome Revocation(WriteSession session, RevocationRecord record, byte[] content)
    {
        if (session.Tables.Revocations.Find(record.Kind, record.Value) is { } known)
        {
            return new RevokeOutcome(RevokeStatus.AlreadyRevoked, Lengthen(session, known, record, content));
        }

        session.Tables.Revocations.Insert(session.Append(RecordKind.Revocation, content), record);
        return new RevokeOutcome(RevokeStatus.Revoked, record);
    }

    private static AppendOutcome Replay(StoredRecord stored, ReceiptRecord record)
    {
        var earlier = ReceiptContent.Read(stored.Content);
        return earlier.RequestFingerprint.Span.SequenceEqual(record.RequestFingerprint.Span)
            ? new AppendOutcome(AppendStatus.Replayed, earlier, stored.Sequence)
            : new AppendOutcome(AppendStatus.Conflict, Record: null, Sequence: 0);
    }

    // Whoever revokes for longer than it was revoked before must not be told so and then see it end early.
    private static RevocationRecord Lengthen(WriteSession session, StoredRevocation known, RevocationRecord record, byte[] content)
    {
        var isLonger = known.Record.ExpiresAt is { } end && (record.ExpiresAt is not { } later || later > end);
        if (!isLonger)
        {
            return known.Record;
        }

        session.Tables.Revocations.Extend(known.Sequence, session.Append(RecordKind.Revocation, content));
        return known.Record with { ExpiresAt = record.ExpiresAt };
    }
}
