using ClawPdp.Ledger.Policies;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>Appends what changes which policy is active. Runs inside the writer's transaction, so that numbers only rise.</summary>
internal static class ActivationAppends
{
    /// <summary>Appends an activation unless its number is one that an earlier activation had or passed.</summary>
    public static ActivationOutcome Append(WriteSession session, ActivationDraft draft)
    {
        var table = session.Tables.Activations;
        var last = table.LastNumber();
        var number = draft.ActivationNumber == 0 ? last + 1 : draft.ActivationNumber;
        if (number is <= 0 or > ActivationRecord.NumberMax || number <= last)
        {
            return new ActivationOutcome(Record: null, last);
        }

        // An audience without a policy of its own had the one for all until now.
        var previous = (table.Last(draft.Audience) ?? table.Last(""))?.PolicyHash;
        var record = new ActivationRecord
        {
            ActivationNumber = number,
            PolicyHash = draft.PolicyHash,
            Audience = draft.Audience,
            PreviousPolicyHash = previous,
            ActivatedAt = draft.ActivatedAt,
            OverlapUntil = previous is not null && draft.Overlap > TimeSpan.Zero ? draft.ActivatedAt + draft.Overlap : null,
            Source = draft.Source,
            Reason = string.IsNullOrEmpty(draft.Reason) ? null : draft.Reason,
        };
        table.Insert(session.Append(RecordKind.Activation, ActivationContent.Write(record)), record);
        foreach (var (name, value) in draft.Facts)
        {
            session.Tables.Meta.Set(name, value);
        }

        return new ActivationOutcome(record, last);
    }

    /// <summary>Appends a later envelope of a policy, unless this very one is there already.</summary>
    public static long Envelope(WriteSession session, string policyHash, DocumentRecord envelope, byte[] content)
    {
        if (session.Tables.Documents.Find(envelope.DocumentType, envelope.Hash) is { } known)
        {
            return known.Sequence;
        }

        var sequence = Appends.Document(session, envelope, content);
        session.Tables.Policies.Insert(sequence, policyHash);
        return sequence;
    }
}
