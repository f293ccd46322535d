using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Core.Runs;

/// <summary>Reads events: closed objects, all seven members required.</summary>
public static class RunEventReader
{
    /// <summary>Reads an event; the pointers of its faults start at the event.</summary>
    public static Result<RunEvent> Read(JsonValue value)
    {
        var faults = new List<Fault>();
        Check(JsonCursor.At(value, faults));
        return faults.Count == 0 ? Result.Valid(Make(value)) : Result.Invalid<RunEvent>([.. faults]);
    }

    private static void Check(JsonCursor root)
    {
        _ = root.IsObjectOf("event_id", "run_id", "event_type", "timestamp", "payload_hash_b64u", "prev_hash_b64u", "event_hash_b64u");
        foreach (var name in (ReadOnlySpan<string>)["event_id", "run_id", "event_type"])
        {
            PayloadRules.Text(root.Required(name));
        }

        PayloadRules.Instant(root.Required("timestamp"));
        PayloadRules.Hash(root.Required("payload_hash_b64u"));
        PayloadRules.Hash(root.Required("event_hash_b64u"));
        if (root.Value.Find("prev_hash_b64u") is not { Kind: JsonKind.Null })
        {
            PayloadRules.Hash(root.Required("prev_hash_b64u"));
        }
    }

    private static RunEvent Make(JsonValue value) => new()
    {
        EventId = value.FindText("event_id") ?? "",
        RunId = value.FindText("run_id") ?? "",
        EventType = value.FindText("event_type") ?? "",
        Timestamp = value.FindText("timestamp") ?? "",
        PayloadHash = value.FindText("payload_hash_b64u") ?? "",
        PreviousHash = value.FindText("prev_hash_b64u"),
        EventHash = value.FindText("event_hash_b64u") ?? "",
    };
}
