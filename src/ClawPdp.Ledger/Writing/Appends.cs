using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>What each kind of record means for the ones before it. Runs inside the writer's transaction.</summary>
internal static class Appends
{
    public static long Issuance(WriteSession session, IssuanceRecord record, byte[] content, Action admit)
    {
        admit();
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

    public static long Refusal(WriteSession session, RefusalRecord record, byte[] content)
    {
        var sequence = session.Append(RecordKind.Refusal, content);
        AddToRun(session, sequence, RecordKind.Refusal, record.RunId, record.AgentDid);
        return sequence;
    }

    public static long Decision(WriteSession session, DecisionRecord record)
    {
        var sequence = session.Append(RecordKind.Decision, DecisionContent.Write(record));
        session.Tables.Decisions.Insert(sequence, record.DecisionId);
        AddToRun(session, sequence, RecordKind.Decision, record.RunId, record.AgentDid);
        return sequence;
    }

    /// <summary>Uses an approval up for a decision, and records both; or nothing, when it was used up before.</summary>
    public static AppendStatus ApprovedDecision(WriteSession session, DecisionRecord record, DocumentRecord approval, byte[] content)
    {
        if (session.Tables.Approvals.IsUsed(approval.Hash))
        {
            return AppendStatus.ApprovalUsed;
        }

        Document(session, approval, content);
        session.Tables.Approvals.Use(approval.Hash, Decision(session, record));
        return AppendStatus.Appended;
    }

    /// <summary>Records a document unless it is there already.</summary>
    public static long Document(WriteSession session, DocumentRecord record, byte[] content)
    {
        if (session.Tables.Documents.Find(record.DocumentType, record.Hash) is { } known)
        {
            return known.Sequence;
        }

        var sequence = session.Append(RecordKind.Document, content);
        session.Tables.Documents.Insert(sequence, record);
        return sequence;
    }

    // Who holds no token of an agent may name a run, but is no part of it.
    private static void AddToRun(WriteSession session, long sequence, RecordKind kind, string? runId, string? agentDid)
    {
        if (!string.IsNullOrEmpty(runId) && !string.IsNullOrEmpty(agentDid))
        {
            session.Tables.Runs.AddMember(runId, sequence, kind, agentDid);
        }
    }

    // Whoever revokes for longer than it was revoked before must not be told so and then see it end early.
    private static RevocationRecord Lengthen(WriteSession session, StoredRevocation known, RevocationRecord record, byte[] content)
    {
        var isLonger = known.Record.ExpiresAt is { } end && (record.ExpiresAt is not { } later || later > end);
        if (!isLonger)
        {
            return known.Record;
        }

        session.Tables.Revocations.Extend(known.Sequence, session.Append(RecordKind.Revocation, content), record.ExpiresAt);
        return known.Record with { ExpiresAt = record.ExpiresAt };
    }
}
