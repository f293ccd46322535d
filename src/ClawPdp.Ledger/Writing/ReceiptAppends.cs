using ClawPdp.Core.Bundles;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>Appends receipts to their runs. Runs inside the writer's transaction.</summary>
internal static class ReceiptAppends
{
    /// <summary>Appends a receipt, with its event where it names none; or gives the earlier one of its nonce.</summary>
    public static AppendOutcome Append(WriteSession session, ReceiptDraft draft)
    {
        var run = draft.Run;
        if (FindEarlier(session, run.RunId, draft.Nonce, draft.NewEvent.RecordedAt) is var (earlier, earlierSequence))
        {
            return Replay(earlier, earlierSequence, draft.RequestFingerprint.Span);
        }

        var status = Admit(session, draft);
        if (status != AppendStatus.Appended)
        {
            return Refuse(status);
        }

        if (!TryFindSegment(session, draft, out var segment))
        {
            return Refuse(AppendStatus.EventUnknown);
        }

        status = PlaceSpan(session.Tables, draft, segment, out var parent);
        var isReported = false;
        if (status == AppendStatus.Appended && draft.Decision is { } claim)
        {
            status = CheckDecision(session.Tables, claim, run.RunId, out isReported);
        }

        return status == AppendStatus.Appended ? Append(session, draft, segment, parent, isReported) : Refuse(status);
    }

    private static AppendOutcome Append(WriteSession session, ReceiptDraft draft, int segment, StoredSpan? parent, bool isReported)
    {
        var tables = session.Tables;
        var eventHash = draft.EventHash;
        if (eventHash is null)
        {
            if (session.Runs.Find(draft.Run.RunId) is null)
            {
                RunAppends.Add(session, draft.Run);
            }

            eventHash = RunAppends.Link(session, draft.NewEvent).Record?.Event.EventHash ?? "";
        }

        var record = draft.Sign(new ReceiptPlace(eventHash, parent?.SpanId, parent?.Time));
        var sequence = session.Append(RecordKind.Receipt, ReceiptContent.Write(record));
        tables.Receipts.Insert(sequence, record);
        tables.Runs.AddMember(draft.Run.RunId, sequence, RecordKind.Receipt, draft.Run.AgentDid);
        if (isReported && draft.Decision is { } claim)
        {
            tables.Approvals.Report(claim.DecisionId, claim.ReceiptType, sequence);
        }

        if (draft.Spans.OpensSpan)
        {
            tables.Spans.Insert(draft.Run.RunId, new StoredSpan(draft.Spans.SpanId, segment, record.SignedAt, draft.Spans.Phase ?? ""), sequence);
        }

        return new AppendOutcome(AppendStatus.Appended, record, sequence);
    }

    private static AppendStatus Admit(WriteSession session, ReceiptDraft draft)
    {
        var status = RunAppends.Admit(session, draft.Run.RunId, draft.Run.AgentDid);
        return status == AppendStatus.RunUnknown && draft.EventHash is null ? AppendStatus.Appended : status;
    }

    private static bool TryFindSegment(WriteSession session, ReceiptDraft draft, out int segment)
    {
        if (draft.EventHash is null)
        {
            segment = RunAppends.NextSegment(session, draft.Run.RunId);
            return true;
        }

        var named = session.Tables.Events.FindByHash(draft.Run.RunId, draft.EventHash);
        segment = named is null ? 0 : EventContent.Read(named.Content).Segment;
        return named is not null;
    }

    // Public verifiers want one connected graph of the model calls in a bundle, and everything else below one of them.
    private static AppendStatus PlaceSpan(LedgerTables tables, ReceiptDraft draft, int segment, out StoredSpan? parent)
    {
        var runId = draft.Run.RunId;
        var spans = draft.Spans;
        parent = spans.ParentSpanId is { } named ? tables.Spans.Find(runId, named) : tables.Spans.Last(runId, segment);
        if (spans.ParentSpanId is not null && parent?.Segment != segment)
        {
            return AppendStatus.SpanUnknown;
        }

        if (spans.ToolSpanId is { } tool && tables.Spans.Find(runId, tool)?.Segment != segment)
        {
            return AppendStatus.SpanUnknown;
        }

        if (parent is { Phase.Length: > 0 } && !CausalRules.CanFollow(parent.Phase, spans.Phase))
        {
            return AppendStatus.PhaseImpossible;
        }

        return spans.SpanId.Length > 0 && tables.Spans.Find(runId, spans.SpanId) is not null
            ? AppendStatus.SpanTaken
            : AppendStatus.Appended;
    }

    // A decision that is not on disk may be on its way, or lost in the asynchronous mode: the auditor is told so, the agent is not stopped.
    // Whether it rests on an approval is told too: then its receipt is counted.
    private static AppendStatus CheckDecision(LedgerTables tables, DecisionClaim claim, string runId, out bool isReported)
    {
        isReported = false;
        if (tables.Decisions.Find(claim.DecisionId) is not { } stored)
        {
            return AppendStatus.Appended;
        }

        var decision = DecisionContent.Read(stored.Content);
        if (!claim.IsAllowedBy(decision, runId))
        {
            return AppendStatus.DecisionMismatch;
        }

        isReported = decision.ApprovalHash is not null;
        return isReported && tables.Approvals.IsReported(claim.DecisionId, claim.ReceiptType)
            ? AppendStatus.DecisionReported
            : AppendStatus.Appended;
    }

    private static AppendOutcome Refuse(AppendStatus status) => new(status, Record: null, Sequence: 0);

    private static (ReceiptRecord Record, long Sequence)? FindEarlier(WriteSession session, string scope, string nonce, DateTimeOffset now)
    {
        if (session.Tables.Receipts.FindByNonce(scope, nonce) is not { } stored)
        {
            return null;
        }

        var earlier = ReceiptContent.Read(stored.Content);
        return IdempotencyRules.IsLapsed(earlier.SignedAt, now) ? null : (earlier, stored.Sequence);
    }

    private static AppendOutcome Replay(ReceiptRecord earlier, long sequence, ReadOnlySpan<byte> fingerprint) =>
        earlier.RequestFingerprint.Span.SequenceEqual(fingerprint)
            ? new AppendOutcome(AppendStatus.Replayed, earlier, sequence)
            : Refuse(AppendStatus.Conflict);
}
