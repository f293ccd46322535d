using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>What ties a receipt to its run, event, policy and token (receipt_binding.v1).</summary>
public sealed record ReceiptBinding
{
    /// <summary>Gets the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the hash of the run's event: base64url, 43 characters.</summary>
    public required string EventHash { get; init; }

    /// <summary>Gets the key of the request within its run.</summary>
    public string? Nonce { get; init; }

    /// <summary>Gets the hash of the policy in force; <see langword="null"/> when there was none.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>Gets the scope hash of the token.</summary>
    public string? TokenScopeHash { get; init; }

    /// <summary>Gets the span that the action is.</summary>
    public string? SpanId { get; init; }

    /// <summary>Gets the span that the action happened in.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Gets the span of the tool call.</summary>
    public string? ToolSpanId { get; init; }

    /// <summary>Gets the part of the run; <see langword="null"/> when not stated.</summary>
    public string? Phase { get; init; }

    /// <summary>Gets the capability that an approval minted; side-effect receipts alone carry it.</summary>
    public string? CapabilityId { get; init; }

    /// <summary>Gets the decision that allowed the action; the open bindings alone carry it.</summary>
    public string? DecisionId { get; init; }

    internal JsonValue ToJson() => new JsonObjectBuilder()
        .Add("run_id", RunId)
        .Add("event_hash_b64u", EventHash)
        .AddIfPresent("nonce", Nonce)
        .AddIfPresent("policy_hash", PolicyHash)
        .AddIfPresent("token_scope_hash_b64u", TokenScopeHash)
        .AddIfPresent("span_id", SpanId)
        .AddIfPresent("parent_span_id", ParentSpanId)
        .AddIfPresent("tool_span_id", ToolSpanId)
        .AddIfPresent("phase", Phase)
        .AddIfPresent("capability_id", CapabilityId)
        .AddIfPresent("decision_id", DecisionId)
        .Build();
}
