using ClawPdp.Ledger.Records;
using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Runs;

/// <summary>Reads runs from the tables.</summary>
internal static class RunReads
{
    public static List<(EventRecord Event, long Sequence)> Events(LedgerTables tables, string runId, int segment) =>
    [
        .. tables.Events.All(runId)
            .Select(static stored => (Event: EventContent.Read(stored.Content), stored.Sequence))
            .Where(item => item.Event.Segment == segment),
    ];

    public static List<LedgerRecord> Members(LedgerTables tables, string runId) =>
        Find(tables, runId) is { } run ? [.. RunMembers.Collect(tables, run.Run).Select(tables.Records.Read)] : [];

    public static RunSummary? Find(LedgerTables tables, string runId)
    {
        if (tables.Runs.Find(runId) is not var (start, finishSequence))
        {
            return null;
        }

        var run = RunContent.Read(start.Content);
        return new RunSummary
        {
            Run = run,
            FinishedAt = finishSequence > 0 ? SealContent.Read(tables.Records.Read(finishSequence).Content).SealedAt : null,
            LastEvent = tables.Events.Last(runId) is { } last ? EventContent.Read(last.Content) : null,
            EventCount = tables.Runs.Count(runId, run.AgentDid, RecordKind.Event),
            ReceiptCount = tables.Runs.Count(runId, run.AgentDid, RecordKind.Receipt),
            DecisionCount = tables.Runs.Count(runId, run.AgentDid, RecordKind.Decision),
            RefusalCount = tables.Runs.Count(runId, run.AgentDid, RecordKind.Refusal),
        };
    }
}
