using ClawPdp.Core.Bundles;
using ClawPdp.Ledger.Chain;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Writing;

/// <summary>Appends receipts to their runs. Runs inside the writer's transaction.</summary>
internal static class ReceiptAppends
{
    private const int SigningsMax = 3;

    /// <summary>Appends a receipt, with its event where it names none; or gives the earlier one of its nonce.</summary>
    /// <param name="session">The writer's session.</param>
    /// <param name="draft">The receipt.</param>
    /// <param name="ahead">The receipt as it was signed before its turn; <see langword="null"/> when it was not.</param>
    public static AppendOutcome Append(WriteSession session, ReceiptDraft draft, ReceiptAhead? ahead)
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

        status = PlaceSpan(session, draft, segment, out var parent);
        var isReported = false;
        if (status == AppendStatus.Appended && draft.Decision is { } claim)
        {
            status = CheckDecision(session.Tables, claim, run.RunId, out isReported);
        }

        return status == AppendStatus.Appended ? Append(session, draft, ahead, segment, parent, isReported) : Refuse(status);
    }

    private static AppendOutcome Append(WriteSession session, ReceiptDraft draft, ReceiptAhead? ahead, int segment, StoredSpan? parent, bool isReported)
    {
        var tables = session.Tables;
        (EventRecord Record, byte[] Content)? linked = draft.EventHash is null ? LinkEvent(session, draft, ahead) : null;
        var (record, content) = Sign(draft, ahead, new ReceiptPlace(draft.EventHash ?? linked?.Record.Event.EventHash ?? "", parent?.SpanId, parent?.Time));
        if (linked is var (added, addedContent))
        {
            if (session.Runs.Find(draft.Run.RunId) is null)
            {
                RunAppends.Add(session, draft.Run);
            }

            RunAppends.Add(session, added, addedContent, draft.NewEvent.AgentDid);
        }

        var sequence = session.Append(RecordKind.Receipt, content);
        tables.Receipts.Insert(sequence, record);
        tables.Runs.AddMember(draft.Run.RunId, sequence, RecordKind.Receipt, draft.Run.AgentDid);
        if (isReported && draft.Decision is { } claim)
        {
            tables.Approvals.Report(claim.DecisionId, claim.ReceiptType, sequence);
        }

        if (draft.Spans.OpensSpan)
        {
            AddSpan(session, draft.Run.RunId, new StoredSpan(draft.Spans.SpanId, segment, record.SignedAt, draft.Spans.Phase ?? ""), sequence);
        }

        return new AppendOutcome(AppendStatus.Appended, record, sequence);
    }

    private static (EventRecord Record, byte[] Content) LinkEvent(WriteSession session, ReceiptDraft draft, ReceiptAhead? ahead)
    {
        var last = RunAppends.LastWithRoom(session, draft.NewEvent);
        if (ahead?.EventAfter(last) is { } made)
        {
            return made;
        }

        var linked = RunAppends.Following(last, draft.NewEvent);
        return (linked, EventContent.Write(linked));
    }

    // What was signed ahead for another place, or may not stand as it is, is signed anew: only then the others in the batch wait for it.
    private static (ReceiptRecord Record, byte[] Content) Sign(ReceiptDraft draft, ReceiptAhead? ahead, ReceiptPlace place)
    {
        if (ahead?.ReceiptAt(place) is { } made && draft.Admit(made.Record))
        {
            return made;
        }

        // The key may be replaced between the signing and the look, and hardly ever twice.
        for (var attempt = 0; attempt < SigningsMax; attempt++)
        {
            var record = draft.Sign(place);
            if (draft.Admit(record))
            {
                return (record, ReceiptContent.Write(record));
            }
        }

        throw new InvalidOperationException("a receipt that was signed just now is not admitted");
    }

    // Kept as it will be read: to the millisecond.
    private static void AddSpan(WriteSession session, string runId, StoredSpan span, long sequence)
    {
        session.Tables.Spans.Insert(runId, span, sequence);
        if (session.Runs.Find(runId) is { } run)
        {
            var kept = span with { Time = DateTimeOffset.FromUnixTimeMilliseconds(span.Time.ToUnixTimeMilliseconds()) };
            session.Runs.Keep(runId, run with { SpanSegment = span.Segment, LastSpan = kept });
        }
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
    private static AppendStatus PlaceSpan(WriteSession session, ReceiptDraft draft, int segment, out StoredSpan? parent)
    {
        var tables = session.Tables;
        var runId = draft.Run.RunId;
        var spans = draft.Spans;
        parent = spans.ParentSpanId is { } named ? tables.Spans.Find(runId, named) : session.Runs.LastSpan(runId, segment);
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

        // What is given out is what was signed: bytes that changed in the file since are found by the chain's hash.
        var earlier = ReceiptContent.Read(RecordHasher.Prove(session.Tables.Records.Read(stored.Sequence)).Content);
        return IdempotencyRules.IsLapsed(earlier.SignedAt, now) ? null : (earlier, stored.Sequence);
    }

    private static AppendOutcome Replay(ReceiptRecord earlier, long sequence, ReadOnlySpan<byte> fingerprint) =>
        earlier.RequestFingerprint.Span.SequenceEqual(fingerprint)
            ? new AppendOutcome(AppendStatus.Replayed, earlier, sequence)
            : Refuse(AppendStatus.Conflict);
}
