using System.Collections.Immutable;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Writing;

/// <summary>States how much there is of a run. Runs inside the writer's transaction, so that nothing slips in between.</summary>
internal static class SealAppends
{
    /// <summary>Seals a run as it is.</summary>
    public static SealOutcome Seal(WriteSession session, string runId, DateTimeOffset now) =>
        RunReads.Find(session.Tables, runId) is { } run
            ? Append(session, run, run.FinishedAt is not null, now)
            : new SealOutcome(AppendStatus.RunUnknown, Record: null, Sequence: 0);

    /// <summary>Finishes a run: nothing more is added to it. One that is finished already stays as it is.</summary>
    public static RunOutcome Finish(WriteSession session, string runId, string agentDid, DateTimeOffset now, Action admit)
    {
        admit();
        var status = RunAppends.Admit(session, runId, agentDid);
        if (status == AppendStatus.RunFinished)
        {
            return new RunOutcome(AppendStatus.Replayed, RunReads.Find(session.Tables, runId));
        }

        if (status != AppendStatus.Appended || RunReads.Find(session.Tables, runId) is not { } run)
        {
            return new RunOutcome(status, Summary: null);
        }

        session.Tables.Runs.Finish(runId, Append(session, run, isFinished: true, now).Sequence);
        if (session.Runs.Find(runId) is { } cursor)
        {
            session.Runs.Keep(runId, cursor with { IsFinished = true });
        }

        return new RunOutcome(AppendStatus.Appended, RunReads.Find(session.Tables, runId));
    }

    private static SealOutcome Append(WriteSession session, RunSummary run, bool isFinished, DateTimeOffset now)
    {
        var members = RunMembers.Collect(session.Tables, run.Run);
        var record = new SealRecord
        {
            RunId = run.Run.RunId,
            SealedAt = now,
            IsFinished = isFinished,
            SegmentCount = run.LastEvent?.Segment ?? 0,
            EventCount = run.EventCount,
            LastEventHash = run.LastEvent?.Event.EventHash,
            ReceiptCount = run.ReceiptCount,
            DecisionCount = members.Count(sequence => session.Tables.Records.Read(sequence).Kind == RecordKind.Decision),
            RefusalCount = run.RefusalCount,
            RecordCount = members.Length,
            RecordsRoot = RootOf(session, members),
            Members = members,
        };
        var sequence = session.Append(RecordKind.Seal, SealContent.Write(record));
        session.Tables.Runs.AddMember(record.RunId, sequence, RecordKind.Seal, run.Run.AgentDid);
        return new SealOutcome(AppendStatus.Appended, record, sequence);
    }

    private static string RootOf(WriteSession session, ImmutableArray<long> members) =>
        Base64UrlText.Encode(MerkleTree.RootOf(members.Select(sequence => session.Tables.Records.Read(sequence).Hash)));
}
