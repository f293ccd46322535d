using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Server.Receipts;

/// <summary>What the event says that the sidecar appends together with a receipt.</summary>
internal static class ReceiptEvents
{
    /// <summary>Gives the type of the event.</summary>
    public static string TypeOf(ReceiptContent content) => content switch
    {
        ModelCallContent => "llm_call",
        ToolCallContent => "tool_call",
        _ => "side_effect",
    };

    /// <summary>Gives the hash of the event's payload, which names the action without any of its content.</summary>
    public static string PayloadHashOf(ReceiptContent content) => Sha256.OfCanonical(content switch
    {
        ModelCallContent call => new JsonObjectBuilder().Add("model", call.Model).Add("provider", call.Provider).Build(),
        ToolCallContent call => new JsonObjectBuilder().Add("tool_name", call.ToolName).Build(),
        SideEffectContent effect => new JsonObjectBuilder().Add("effect_class", effect.EffectClass).Build(),
        _ => throw new ArgumentOutOfRangeException(nameof(content), "no such kind of receipt"),
    });

    /// <summary>Tells whether a caller may choose a type for the event.</summary>
    public static bool IsTypeAllowed(string type) => type is not Continuation.EventType && type.AsSpan().Trim().Length == type.Length;
}
