using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>Something outside that was changed or reached (side_effect_receipt.v1).</summary>
public sealed record SideEffectReceipt
{
    // The largest integer that is exact in every JSON reader.
    private const long BytesMax = 9_007_199_254_740_991;

    /// <summary>Gets the receipt's id.</summary>
    public required string ReceiptId { get; init; }

    /// <summary>Gets the agent.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets <c>network_egress</c>, <c>filesystem_write</c> or <c>external_api_write</c>.</summary>
    public required string EffectClass { get; init; }

    /// <summary>Gets the SHA-256 of the JCS of the target.</summary>
    public required string TargetHash { get; init; }

    /// <summary>Gets the SHA-256 of the JCS of the request.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Gets the SHA-256 of the JCS of the response.</summary>
    public required string ResponseHash { get; init; }

    /// <summary>Gets the vendor; <see langword="null"/> when not stated.</summary>
    public string? VendorId { get; init; }

    /// <summary>Gets <c>success</c>, <c>error</c>, <c>timeout</c> or <c>denied</c>; <see langword="null"/> when not stated.</summary>
    public string? ResponseStatus { get; init; }

    /// <summary>Gets how long it took, in milliseconds.</summary>
    public required long LatencyMilliseconds { get; init; }

    /// <summary>Gets the bytes written, 0 to 2^53 − 1; <see langword="null"/> when not stated.</summary>
    public long? BytesWritten { get; init; }

    /// <summary>Gets when the receipt was made.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Gets the binding.</summary>
    public required ReceiptBinding Binding { get; init; }

    /// <summary>Gives the payload, or every fault.</summary>
    public Result<JsonValue> ToPayload()
    {
        if (BytesWritten is < 0 or > BytesMax)
        {
            return Result.Invalid<JsonValue>("/bytes_written", $"must be from 0 to {BytesMax}");
        }

        var payload = new JsonObjectBuilder()
            .Add("receipt_version", "1")
            .Add("receipt_id", ReceiptId)
            .Add("agent_did", AgentDid)
            .Add("effect_class", EffectClass)
            .Add("target_hash_b64u", TargetHash)
            .Add("request_hash_b64u", RequestHash)
            .Add("response_hash_b64u", ResponseHash)
            .AddIfPresent("vendor_id", VendorId)
            .AddIfPresent("response_status", ResponseStatus)
            .Add("hash_algorithm", "SHA-256")
            .Add("timestamp", Rfc3339.Format(Timestamp))
            .Add("latency_ms", LatencyMilliseconds)
            .AddIfPresent("bytes_written", BytesWritten)
            .Add("binding", Binding.ToJson())
            .Build();
        return ReceiptRules.Finish(payload, ReceiptSchemas.CheckSideEffect(payload), []);
    }
}
