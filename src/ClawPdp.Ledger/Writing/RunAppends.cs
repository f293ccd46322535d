using ClawPdp.Core.Encoding;
using ClawPdp.Core.Runs;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>Starts runs and links their events. Runs inside the writer's transaction.</summary>
internal static class RunAppends
{
    /// <summary>Starts a run; one that the same agent started before stands.</summary>
    public static RunOutcome Start(WriteSession session, RunRecord record, Action admit)
    {
        admit();
        var earlier = RunReads.Find(session.Tables, record.RunId);
        if (earlier is not null)
        {
            return IsOf(earlier.Run, record.AgentDid)
                ? new RunOutcome(AppendStatus.Replayed, earlier)
                : new RunOutcome(AppendStatus.RunOfAnotherAgent, Summary: null);
        }

        Add(session, record);
        return new RunOutcome(AppendStatus.Appended, RunReads.Find(session.Tables, record.RunId));
    }

    /// <summary>Appends an event to a run that is open.</summary>
    public static EventOutcome Event(WriteSession session, EventDraft draft)
    {
        draft.Admit?.Invoke();
        var status = Admit(session, draft.RunId, draft.AgentDid);
        if (status != AppendStatus.Appended)
        {
            return new EventOutcome(status, Record: null, Sequence: 0);
        }

        if (session.Tables.Events.FindById(draft.RunId, draft.EventId) is not { } stored)
        {
            return Link(session, draft);
        }

        var earlier = EventContent.Read(stored.Content);
        return IsSame(earlier.Event, draft)
            ? new EventOutcome(AppendStatus.Replayed, earlier, stored.Sequence)
            : new EventOutcome(AppendStatus.Conflict, Record: null, Sequence: 0);
    }

    /// <summary>Appends an event of a new id to the end of the run's last segment, or begins another one.</summary>
    public static EventOutcome Link(WriteSession session, EventDraft draft)
    {
        var record = Following(LastWithRoom(session, draft), draft);
        return new EventOutcome(AppendStatus.Appended, record, Add(session, record, EventContent.Write(record), draft.AgentDid));
    }

    /// <summary>Gives the event that the next one of a run follows, beginning another segment where the last one is full.</summary>
    public static EventRecord? LastWithRoom(WriteSession session, EventDraft draft) =>
        session.Runs.Find(draft.RunId)?.LastEvent is { } last && IsFull(last) ? Continue(session, last, draft) : session.Runs.Find(draft.RunId)?.LastEvent;

    /// <summary>Tells whether an event is the last one that its segment takes.</summary>
    public static bool IsFull(EventRecord last) => last.Index == EventChain.CountMax - 1;

    /// <summary>Makes the event that follows another one in its segment. Reads and writes nothing.</summary>
    /// <param name="last">The event before it; <see langword="null"/> for the first of a run.</param>
    /// <param name="draft">What it says.</param>
    public static EventRecord Following(EventRecord? last, EventDraft draft) => new()
    {
        Event = RunEvent.Following(last?.Event, HeaderOf(draft)),
        Segment = last?.Segment ?? 1,
        Index = last is null ? 0 : last.Index + 1,
        TokenHash = draft.TokenHash,
        RecordedAt = draft.RecordedAt,
        TraceParent = draft.TraceParent,
        TraceState = draft.TraceState,
    };

    /// <summary>Records the start of a run of a new id.</summary>
    public static void Add(WriteSession session, RunRecord record)
    {
        var sequence = session.Append(RecordKind.Run, RunContent.Write(record));
        session.Tables.Runs.Insert(sequence, record.RunId);
        session.Tables.Runs.AddMember(record.RunId, sequence, RecordKind.Run, record.AgentDid);
        session.Runs.Keep(record.RunId, new RunCursor(record.AgentDid, IsFinished: false, LastEvent: null));
    }

    /// <summary>Gives the segment that the next event of a run will stand in.</summary>
    public static int NextSegment(WriteSession session, string runId)
    {
        if (session.Runs.Find(runId)?.LastEvent is not { } last)
        {
            return 1;
        }

        return IsFull(last) ? last.Segment + 1 : last.Segment;
    }

    /// <summary>Tells whether something of an agent may be added to a run.</summary>
    /// <returns><see cref="AppendStatus.Appended"/> if so, otherwise why not.</returns>
    public static AppendStatus Admit(WriteSession session, string runId, string agentDid)
    {
        if (session.Runs.Find(runId) is not { } run)
        {
            return AppendStatus.RunUnknown;
        }

        if (!string.Equals(run.AgentDid, agentDid, StringComparison.Ordinal))
        {
            return AppendStatus.RunOfAnotherAgent;
        }

        return run.IsFinished ? AppendStatus.RunFinished : AppendStatus.Appended;
    }

    private static bool IsOf(RunRecord run, string agentDid) => string.Equals(run.AgentDid, agentDid, StringComparison.Ordinal);

    private static bool IsSame(RunEvent earlier, EventDraft draft) =>
        string.Equals(earlier.EventType, draft.EventType, StringComparison.Ordinal)
            && string.Equals(earlier.Timestamp, draft.Timestamp, StringComparison.Ordinal)
            && string.Equals(earlier.PayloadHash, draft.PayloadHash, StringComparison.Ordinal);

    private static RunEvent HeaderOf(EventDraft draft) => new()
    {
        EventId = draft.EventId,
        RunId = draft.RunId,
        EventType = draft.EventType,
        Timestamp = draft.Timestamp,
        PayloadHash = draft.PayloadHash,
        EventHash = "",
    };

    // A public verifier knows one chain of so many events. The first event of the next chain carries the hash of the last one's end.
    private static EventRecord Continue(WriteSession session, EventRecord last, EventDraft draft)
    {
        var segment = last.Segment + 1;
        var record = new EventRecord
        {
            Event = RunEvent.Following(previous: null, new RunEvent
            {
                EventId = Continuation.EventIdOf(segment),
                RunId = draft.RunId,
                EventType = Continuation.EventType,
                Timestamp = Rfc3339.Format(draft.RecordedAt),
                PayloadHash = Sha256.OfCanonical(Continuation.PayloadOf(draft.RunId, segment, last.Event.EventHash)),
                EventHash = "",
            }),
            Segment = segment,
            Index = 0,
            TokenHash = draft.TokenHash,
            RecordedAt = draft.RecordedAt,
        };
        Add(session, record, EventContent.Write(record), draft.AgentDid);
        return record;
    }

    /// <summary>Records an event that follows the last one of its run.</summary>
    public static long Add(WriteSession session, EventRecord record, byte[] content, string agentDid)
    {
        var sequence = session.Append(RecordKind.Event, content);
        session.Tables.Events.Insert(sequence, record);
        session.Tables.Runs.AddMember(record.Event.RunId, sequence, RecordKind.Event, agentDid);
        if (session.Runs.Find(record.Event.RunId) is { } run)
        {
            session.Runs.Keep(record.Event.RunId, run with { LastEvent = record });
        }

        return sequence;
    }
}
