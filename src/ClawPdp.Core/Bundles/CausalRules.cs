using System.Collections.Frozen;
using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Core.Bundles;

/// <summary>
/// The causal rules of a bundle as the public verifier enforces them by default: the spans of model calls form one connected graph without
/// cycles, in the order of time and of phases, and every side effect and approval hangs on one of them.
/// </summary>
public static class CausalRules
{
    private static readonly FrozenDictionary<string, ImmutableArray<string>> Followers = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["setup"] = ["setup", "planning"],
        ["planning"] = ["planning", "reasoning", "execution"],
        ["reasoning"] = ["reasoning", "execution", "observation"],
        ["execution"] = ["execution", "observation", "reflection", "teardown"],
        ["observation"] = ["observation", "reflection", "teardown"],
        ["reflection"] = ["reflection", "teardown"],
        ["teardown"] = ["teardown"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly ImmutableArray<string> Lists =
        ["receipts", "tool_receipts", "side_effect_receipts", "human_approval_receipts", "delegation_receipts"];

    /// <summary>Tells whether a phase may follow another one below it; one that is not stated follows everything.</summary>
    public static bool CanFollow(string? parent, string? child) =>
        parent is null || child is null || (Followers.TryGetValue(parent, out var followers) && followers.Contains(child, StringComparer.Ordinal));

    /// <summary>Finds the first contradiction in a bundle's payload; <see langword="null"/> when there is none.</summary>
    public static CausalFault? FindFault(JsonValue payload)
    {
        ImmutableArray<CausalSpan> calls = [.. CausalSpan.All(payload, "receipts")];
        return FindReplay(payload)
            ?? First(calls, static call => call.HasConflict ? "CAUSAL_BINDING_FIELD_CONFLICT" : null, "two spellings of a member disagree")
            ?? FindReuse(calls)
            ?? new CausalGraph(calls).FindFault()
            ?? FindOrphan(payload, calls, "side_effect_receipts", "CAUSAL_SIDE_EFFECT_ORPHANED")
            ?? FindOrphan(payload, calls, "human_approval_receipts", "CAUSAL_HUMAN_APPROVAL_ORPHANED");
    }

    internal static CausalFault? First(IEnumerable<CausalSpan> calls, Func<CausalSpan, string?> check, string message)
    {
        foreach (var call in calls)
        {
            if (check(call) is { } code)
            {
                return new CausalFault(code, call.Pointer, message);
            }
        }

        return null;
    }

    private static CausalFault? FindReplay(JsonValue payload)
    {
        foreach (var list in Lists)
        {
            var seen = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var receipt in CausalSpan.All(payload, list))
            {
                var text = JsonWriter.CanonicalText(receipt.Payload);
                if (!seen.TryAdd(receipt.ReceiptId, text) && !string.Equals(seen[receipt.ReceiptId], text, StringComparison.Ordinal))
                {
                    return new CausalFault("CAUSAL_RECEIPT_REPLAY_DETECTED", receipt.Pointer, "the receipt's id stands for another receipt, too");
                }
            }
        }

        return null;
    }

    private static CausalFault? FindReuse(ImmutableArray<CausalSpan> calls)
    {
        var seen = new Dictionary<string, CausalSpan>(StringComparer.Ordinal);
        foreach (var call in calls.Where(static call => call.SpanId is not null))
        {
            var first = seen.GetValueOrDefault(call.SpanId ?? "");
            if (first is null)
            {
                seen.Add(call.SpanId ?? "", call);
            }
            else if (!string.Equals(first.ParentSpanId, call.ParentSpanId, StringComparison.Ordinal)
                || !string.Equals(first.ToolSpanId, call.ToolSpanId, StringComparison.Ordinal)
                || !string.Equals(first.Phase, call.Phase, StringComparison.Ordinal))
            {
                return new CausalFault("CAUSAL_SPAN_REUSE_CONFLICT", call.Pointer, "the span stands for another one, too");
            }
            else if (first.Timestamp != call.Timestamp)
            {
                return new CausalFault("CAUSAL_CLOCK_CONTRADICTION", call.Pointer, "the same span has two times");
            }
        }

        return null;
    }

    private static CausalFault? FindOrphan(JsonValue payload, ImmutableArray<CausalSpan> calls, string list, string code)
    {
        var spans = calls.Select(static call => call.SpanId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return First(
            CausalSpan.All(payload, list),
            receipt => receipt.Anchor is { } anchor && spans.Contains(anchor) ? null : code,
            "it hangs on no model call of the bundle");
    }
}
