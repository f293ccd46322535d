using System.Globalization;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Bundles;

/// <summary>What a receipt's binding says about where the receipt belongs; <see langword="null"/> for what it does not say.</summary>
internal sealed record CausalSpan
{
    public required string Pointer { get; init; }

    public required JsonValue Payload { get; init; }

    public required string ReceiptId { get; init; }

    public string? SpanId { get; init; }

    public string? ParentSpanId { get; init; }

    public string? ToolSpanId { get; init; }

    public string? Phase { get; init; }

    public double? Confidence { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Gets a value indicating whether the two spellings of a member say different things.</summary>
    public bool HasConflict { get; init; }

    public bool IsCausal => SpanId is not null || ParentSpanId is not null || ToolSpanId is not null || Phase is not null || Confidence is not null;

    /// <summary>Gets the span that a side effect or approval hangs on: the tool's, else the parent's, else its own.</summary>
    public string? Anchor => ToolSpanId ?? ParentSpanId ?? SpanId;

    /// <summary>Reads every receipt of one kind, enveloped or not.</summary>
    public static IEnumerable<CausalSpan> All(JsonValue bundle, string list) =>
        (bundle.Find(list)?.Items ?? []).Select((receipt, index) => Read(receipt, string.Create(CultureInfo.InvariantCulture, $"/{list}/{index}")));

    private static CausalSpan Read(JsonValue receipt, string pointer)
    {
        var payload = receipt.Find("payload") ?? receipt;
        var binding = payload.Find("binding") ?? JsonValue.Null;
        return new CausalSpan
        {
            Pointer = pointer,
            Payload = payload,
            ReceiptId = payload.FindText("receipt_id") ?? "",
            SpanId = Text(binding, "span_id", "spanId"),
            ParentSpanId = Text(binding, "parent_span_id", "parentSpanId"),
            ToolSpanId = Text(binding, "tool_span_id", "toolSpanId"),
            Phase = binding.FindText("phase"),
            Confidence = (binding.Find("attribution_confidence") ?? binding.Find("attributionConfidence"))?.Number,
            Timestamp = Rfc3339.TryParse(payload.FindText("timestamp"), out var timestamp) ? timestamp : null,
            IssuedAt = Rfc3339.TryParse(receipt.FindText("issued_at"), out var issuedAt) ? issuedAt : null,
            HasConflict = Differ(binding, "span_id", "spanId") || Differ(binding, "parent_span_id", "parentSpanId")
                || Differ(binding, "tool_span_id", "toolSpanId") || Differ(binding, "attribution_confidence", "attributionConfidence"),
        };
    }

    private static string? Text(JsonValue binding, string name, string alias) => binding.FindText(name) ?? binding.FindText(alias);

    private static bool Differ(JsonValue binding, string name, string alias) =>
        binding.Find(name) is { } own && binding.Find(alias) is { } other
            && !string.Equals(JsonWriter.CanonicalText(own), JsonWriter.CanonicalText(other), StringComparison.Ordinal);
}
