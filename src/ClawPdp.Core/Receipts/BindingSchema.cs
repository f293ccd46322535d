using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Receipts;

/// <summary>The two forms of a receipt's binding.</summary>
internal static class BindingSchema
{
    public static ImmutableArray<string> Phases { get; } = ["setup", "planning", "reasoning", "execution", "observation", "reflection", "teardown"];

    /// <summary>Checks receipt_binding.v1, a closed object.</summary>
    public static void CheckClosed(JsonCursor? binding)
    {
        if (binding is null || !binding.IsObjectOf(
            "run_id", "event_hash_b64u", "nonce", "policy_hash", "token_scope_hash_b64u", "span_id", "parent_span_id", "tool_span_id",
            "spanId", "parentSpanId", "toolSpanId", "phase", "attribution_confidence", "attributionConfidence"))
        {
            return;
        }

        CheckKnown(binding);
        foreach (var name in (ReadOnlySpan<string>)["spanId", "parentSpanId", "toolSpanId"])
        {
            PayloadRules.Text(binding.Optional(name));
        }

        PayloadRules.OneOf(binding.Optional("phase"), Phases);
        PayloadRules.Amount(binding.Optional("attribution_confidence"));
        PayloadRules.Amount(binding.Optional("attributionConfidence"));
    }

    /// <summary>Checks the looser binding, to which anything may be added.</summary>
    public static void CheckOpen(JsonCursor? binding)
    {
        PayloadRules.Object(binding);
        if (binding is not null)
        {
            CheckKnown(binding);
            PayloadRules.Text(binding.Optional("capability_id"));
        }
    }

    private static void CheckKnown(JsonCursor binding)
    {
        foreach (var name in (ReadOnlySpan<string>)["run_id", "nonce", "policy_hash", "span_id", "parent_span_id", "tool_span_id"])
        {
            PayloadRules.Text(binding.Optional(name));
        }

        PayloadRules.Hash(binding.Optional("event_hash_b64u"));
        PayloadRules.Hash(binding.Optional("token_scope_hash_b64u"));
    }
}
