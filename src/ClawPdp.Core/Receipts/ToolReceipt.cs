using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>A call of a tool (tool_receipt.v1).</summary>
public sealed record ToolReceipt
{
    /// <summary>Gets the receipt's id.</summary>
    public required string ReceiptId { get; init; }

    /// <summary>Gets the tool.</summary>
    public required string ToolName { get; init; }

    /// <summary>Gets the tool's version; <see langword="null"/> when not stated.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>Gets the agent.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the SHA-256 of the JCS of the arguments.</summary>
    public required string ArgumentsHash { get; init; }

    /// <summary>Gets the SHA-256 of the JCS of the result.</summary>
    public required string ResultHash { get; init; }

    /// <summary>Gets <c>success</c>, <c>error</c> or <c>timeout</c>; <see langword="null"/> when not stated.</summary>
    public string? ResultStatus { get; init; }

    /// <summary>Gets how long the call took, in milliseconds.</summary>
    public required long LatencyMilliseconds { get; init; }

    /// <summary>Gets when the receipt was made.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Gets the binding.</summary>
    public required ReceiptBinding Binding { get; init; }

    /// <summary>Gives the payload, or every fault.</summary>
    public Result<JsonValue> ToPayload()
    {
        var payload = new JsonObjectBuilder()
            .Add("receipt_version", "1")
            .Add("receipt_id", ReceiptId)
            .Add("tool_name", ToolName)
            .AddIfPresent("tool_version", ToolVersion)
            .Add("agent_did", AgentDid)
            .Add("args_hash_b64u", ArgumentsHash)
            .Add("result_hash_b64u", ResultHash)
            .AddIfPresent("result_status", ResultStatus)
            .Add("hash_algorithm", "SHA-256")
            .Add("timestamp", Rfc3339.Format(Timestamp))
            .Add("latency_ms", LatencyMilliseconds)
            .Add("binding", Binding.ToJson())
            .Build();
        return ReceiptRules.Finish(payload, ReceiptSchemas.CheckTool(payload), []);
    }
}
