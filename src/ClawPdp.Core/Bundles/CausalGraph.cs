using System.Collections.Immutable;

namespace ClawPdp.Core.Bundles;

/// <summary>The graph of the model calls' spans.</summary>
internal sealed class CausalGraph
{
    private const double ConfidenceOfSpanAlone = 0.5;

    private readonly ImmutableArray<CausalSpan> _calls;
    private readonly Dictionary<string, CausalSpan> _bySpan = new(StringComparer.Ordinal);

    public CausalGraph(ImmutableArray<CausalSpan> calls)
    {
        _calls = [.. calls.Where(static call => call.IsCausal)];
        foreach (var call in _calls.Where(static call => call.SpanId is not null))
        {
            _bySpan.TryAdd(call.SpanId ?? "", call);
        }
    }

    /// <summary>Finds the first contradiction.</summary>
    public CausalFault? FindFault() =>
        CausalRules.First(_calls, call => IsKnown(call.ParentSpanId) && IsKnown(call.ToolSpanId) ? null : "CAUSAL_REFERENCE_DANGLING", "it refers to a span that is not there")
            ?? CausalRules.First(_calls, call => IsInCycle(call) ? "CAUSAL_CYCLE_DETECTED" : null, "the spans go round in a circle")
            ?? FindSecondComponent()
            ?? CausalRules.First(_calls, call => IsInTime(call) ? null : "CAUSAL_CLOCK_CONTRADICTION", "it is older than what it follows from, or younger than its envelope")
            ?? CausalRules.First(_calls, call => CausalRules.CanFollow(ParentOf(call)?.Phase, call.Phase) ? null : "CAUSAL_PHASE_TRANSITION_INVALID", "its phase cannot follow that of its parent")
            ?? CausalRules.First(_calls, call => call.Confidence is { } stated && stated > ConfidenceMaxOf(call) ? "CAUSAL_CONFIDENCE_EVIDENCE_INCONSISTENT" : null, "it claims more confidence than its spans bear out");

    private bool IsKnown(string? span) => span is null || _bySpan.ContainsKey(span);

    private CausalSpan? ParentOf(CausalSpan call) => call.ParentSpanId is { } parent ? _bySpan.GetValueOrDefault(parent) : null;

    private bool IsInCycle(CausalSpan call)
    {
        var steps = 0;
        for (var next = ParentOf(call); next is not null; next = ParentOf(next))
        {
            if (++steps > _calls.Length)
            {
                return true;
            }
        }

        return false;
    }

    private CausalFault? FindSecondComponent()
    {
        var groups = _bySpan.Keys.ToDictionary(static span => span, static span => span, StringComparer.Ordinal);
        foreach (var call in _bySpan.Values)
        {
            foreach (var reference in new[] { call.ParentSpanId, call.ToolSpanId }.OfType<string>())
            {
                groups[RootOf(groups, call.SpanId ?? "")] = RootOf(groups, reference);
            }
        }

        var first = _bySpan.Keys.FirstOrDefault();
        return first is null
            ? null
            : CausalRules.First(
                _bySpan.Values,
                call => string.Equals(RootOf(groups, call.SpanId ?? ""), RootOf(groups, first), StringComparison.Ordinal) ? null : "CAUSAL_GRAPH_DISCONNECTED",
                "its span hangs together with none of the others");
    }

    private static string RootOf(Dictionary<string, string> groups, string span)
    {
        while (!string.Equals(groups[span], span, StringComparison.Ordinal))
        {
            // Halving the way up keeps a chain of a thousand calls from being walked a thousand times.
            groups[span] = groups[groups[span]];
            span = groups[span];
        }

        return span;
    }

    private bool IsInTime(CausalSpan call) =>
        !(call.Timestamp > call.IssuedAt) && !(ParentOf(call)?.Timestamp > call.Timestamp);

    private double ConfidenceMaxOf(CausalSpan call)
    {
        var isReferred = _calls.Any(other => call.SpanId is { } span
            && (string.Equals(other.ParentSpanId, span, StringComparison.Ordinal) || string.Equals(other.ToolSpanId, span, StringComparison.Ordinal)));
        if (isReferred || call.ParentSpanId is not null || call.ToolSpanId is not null)
        {
            return 1;
        }

        return call.SpanId is null ? 0 : ConfidenceOfSpanAlone;
    }
}
