using ClawPdp.Core.Runs;
using ClawPdp.Ledger.Runs;

namespace ClawPdp.Ledger.Records;

/// <summary>The content of an event's record.</summary>
internal static class EventContent
{
    /// <exception cref="ArgumentException">A member is out of its bounds.</exception>
    public static void ThrowIfOutOfBounds(EventDraft draft)
    {
        ContentLimits.ThrowUnlessText(draft.RunId, ContentLimits.TextLengthMax, nameof(draft.RunId));
        ContentLimits.ThrowUnlessText(draft.EventId, ContentLimits.IdLengthMax, nameof(draft.EventId));
        ContentLimits.ThrowUnlessText(draft.EventType, ContentLimits.IdLengthMax, nameof(draft.EventType));
        ContentLimits.ThrowUnlessText(draft.Timestamp, ContentLimits.IdLengthMax, nameof(draft.Timestamp));
        ContentLimits.ThrowUnlessText(draft.PayloadHash, ContentLimits.IdLengthMax, nameof(draft.PayloadHash));
        ContentLimits.ThrowUnlessText(draft.AgentDid, ContentLimits.TextLengthMax, nameof(draft.AgentDid));
        ContentLimits.ThrowUnlessText(draft.TokenHash, ContentLimits.IdLengthMax, nameof(draft.TokenHash));
        ContentLimits.ThrowIfTraceIsLonger(draft.TraceParent, draft.TraceState);
    }

    public static byte[] Write(EventRecord record) => ContentWriter.Write(record, static (json, item) =>
    {
        json.WriteString("run_id", item.Event.RunId);
        json.WriteNumber("segment", item.Segment);
        json.WriteNumber("index", item.Index);
        json.WriteString("event_id", item.Event.EventId);
        json.WriteString("event_type", item.Event.EventType);
        json.WriteString("timestamp", item.Event.Timestamp);
        json.WriteString("payload_hash_b64u", item.Event.PayloadHash);
        json.WriteOptional("prev_hash_b64u", item.Event.PreviousHash);
        json.WriteString("event_hash_b64u", item.Event.EventHash);
        json.WriteString("token_hash", item.TokenHash);
        json.WriteInstant("recorded_at", item.RecordedAt);
        json.WriteTrace(item.TraceParent, item.TraceState);
    });

    /// <exception cref="LedgerException">The content is damaged.</exception>
    public static EventRecord Read(ReadOnlyMemory<byte> content)
    {
        using var json = new ContentReader(content);
        return new EventRecord
        {
            Event = new RunEvent
            {
                RunId = json.Text("run_id"),
                EventId = json.Text("event_id"),
                EventType = json.Text("event_type"),
                Timestamp = json.Text("timestamp"),
                PayloadHash = json.Text("payload_hash_b64u"),
                PreviousHash = json.OptionalText("prev_hash_b64u"),
                EventHash = json.Text("event_hash_b64u"),
            },
            Segment = json.Number("segment"),
            Index = json.Number("index"),
            TokenHash = json.Text("token_hash"),
            RecordedAt = json.Instant("recorded_at"),
            TraceParent = json.OptionalText("traceparent"),
            TraceState = json.OptionalText("tracestate"),
        };
    }
}
