using ClawPdp.Ledger.Runs;
using ClawPdp.Server.Runs;
using ClawPdp.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClawPdp.Server.Grpc;

/// <summary>Translates runs between the wire contract and the run desk.</summary>
internal static class WireRuns
{
    /// <summary>Reads a request that <see cref="RunRequestChecks"/> found well formed.</summary>
    public static EventRequest Read(AppendEventRequest request) => new()
    {
        RunId = request.RunId,
        EventId = request.EventId,
        EventType = request.EventType,
        Timestamp = request.Timestamp,
        PayloadHash = request.PayloadHashB64U,
    };

    /// <summary>Writes a run.</summary>
    public static Run Write(RunSummary summary) => new()
    {
        RunId = summary.Run.RunId,
        AgentDid = summary.Run.AgentDid,
        StartedAt = Timestamp.FromDateTimeOffset(summary.Run.StartedAt),
        FinishedAt = summary.FinishedAt is { } end ? Timestamp.FromDateTimeOffset(end) : null,
        EventCount = (uint)summary.EventCount,
        SegmentCount = (uint)(summary.LastEvent?.Segment ?? 0),
        LastEventHashB64U = summary.LastEvent?.Event.EventHash ?? "",
        ReceiptCount = (uint)summary.ReceiptCount,
        DecisionCount = (uint)summary.DecisionCount,
        RefusalCount = (uint)summary.RefusalCount,
    };

    /// <summary>Writes an event.</summary>
    public static RunEvent Write(EventRecord record, long sequence) => new()
    {
        EventId = record.Event.EventId,
        RunId = record.Event.RunId,
        EventType = record.Event.EventType,
        Timestamp = record.Event.Timestamp,
        PayloadHashB64U = record.Event.PayloadHash,
        PrevHashB64U = record.Event.PreviousHash ?? "",
        EventHashB64U = record.Event.EventHash,
        Segment = (uint)record.Segment,
        Index = (uint)record.Index,
        Sequence = (ulong)sequence,
    };

    /// <summary>Writes why there is nothing.</summary>
    public static Refusal Refuse((Core.Decisions.ReasonCode Reason, string Message, string Field) refusal) =>
        WireReasons.Refuse(refusal.Reason, refusal.Message, refusal.Field);
}
