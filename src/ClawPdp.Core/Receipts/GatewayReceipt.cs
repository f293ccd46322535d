using ClawPdp.Core.Encoding;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>A call of a model (gateway_receipt.v1).</summary>
public sealed record GatewayReceipt
{
    /// <summary>Gets the receipt's id.</summary>
    public required string ReceiptId { get; init; }

    /// <summary>Gets who stands for the receipt.</summary>
    public required string GatewayId { get; init; }

    /// <summary>Gets the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the SHA-256 of the request.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Gets the SHA-256 of the response.</summary>
    public required string ResponseHash { get; init; }

    /// <summary>Gets the tokens read, 0 to 10,000,000.</summary>
    public required long TokensInput { get; init; }

    /// <summary>Gets the tokens written, 0 to 10,000,000.</summary>
    public required long TokensOutput { get; init; }

    /// <summary>Gets how long the call took, 0 to 3,600,000 ms.</summary>
    public required long LatencyMilliseconds { get; init; }

    /// <summary>Gets when the receipt was made.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Gets the binding. Its decision id goes into the metadata, since this receipt's binding is closed.</summary>
    public required ReceiptBinding Binding { get; init; }

    /// <summary>Gives the payload, or every fault.</summary>
    public Result<JsonValue> ToPayload()
    {
        var payload = new JsonObjectBuilder()
            .Add("receipt_version", "1")
            .Add("receipt_id", ReceiptId)
            .Add("gateway_id", GatewayId)
            .Add("provider", Provider)
            .Add("model", Model)
            .Add("request_hash_b64u", RequestHash)
            .Add("response_hash_b64u", ResponseHash)
            .Add("tokens_input", TokensInput)
            .Add("tokens_output", TokensOutput)
            .Add("latency_ms", LatencyMilliseconds)
            .Add("timestamp", Rfc3339.Format(Timestamp))
            .Add("binding", (Binding with { DecisionId = null }).ToJson())
            .Add("metadata", Metadata())
            .Build();
        return ReceiptRules.Finish(payload, ReceiptSchemas.CheckGateway(payload), RangeFaults());
    }

    private IEnumerable<Fault> RangeFaults() => ReceiptRules.RangeFaults("/tokens_input", TokensInput, ReceiptRules.TokensMax)
        .Concat(ReceiptRules.RangeFaults("/tokens_output", TokensOutput, ReceiptRules.TokensMax))
        .Concat(ReceiptRules.RangeFaults("/latency_ms", LatencyMilliseconds, ReceiptRules.LatencyMax));

    // The identity of a model behind an interface is what the provider says: the lowest tier, said plainly.
    private JsonValue Metadata()
    {
        var identity = new JsonObjectBuilder()
            .Add("model_identity_version", "1")
            .Add("tier", "closed_opaque")
            .Add("model", new JsonObjectBuilder().Add("provider", Provider).Add("name", Model).Build())
            .Build();
        return new JsonObjectBuilder()
            .Add("model_identity", identity)
            .Add("model_identity_hash_b64u", Sha256.OfCanonical(identity))
            .AddIfPresent("decision_id", Binding.DecisionId)
            .Build();
    }
}
