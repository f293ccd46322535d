using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Crypto.Verification;

/// <summary>The checks of a bundle or chain that need no key.</summary>
internal static class BundleForm
{
    private static readonly ImmutableArray<string> CausalMembers =
        ["span_id", "parent_span_id", "tool_span_id", "spanId", "parentSpanId", "toolSpanId"];

    /// <summary>Gives the steps that come first for every envelope, up to the schema.</summary>
    public static IEnumerable<(string Name, Func<EnvelopeFault?> Check)> Steps(EnvelopeSubject subject, Func<ImmutableArray<Fault>> schema) =>
    [
        ("envelope_members", () => EnvelopeForm.CheckMembers(subject)),
        ("envelope_version", () => EnvelopeForm.CheckVersion(subject)),
        ("algorithm", () => EnvelopeForm.CheckAlgorithms(subject)),
        ("signer_did", () => EnvelopeTrust.CheckSignerForm(subject)),
        ("times", () => EnvelopeForm.CheckTimes(subject)),
        ("expiry", () => EnvelopeTrust.CheckExpiry(subject)),
        ("encoding", () => EnvelopeForm.CheckEncoding(subject)),
        ("schema", () => EnvelopeForm.CheckClosed(subject) ?? FirstOf(schema())),
    ];

    /// <summary>Checks the events in a list of the payload.</summary>
    public static EnvelopeFault? CheckChain(JsonValue payload, string list)
    {
        if (payload.Find(list) is not { } events)
        {
            return null;
        }

        // INVARIANT: the schema was checked, so every event reads.
        var fault = EventChain.FindFault([.. events.Items.Select(static item => RunEventReader.Read(item).Value)]);
        return fault is null ? null : new EnvelopeFault(fault.Code, $"payload.{list}.{fault.Index}", fault.Message);
    }

    /// <summary>Gives the first fault of a schema, with the code of what it is about.</summary>
    private static EnvelopeFault? FirstOf(ImmutableArray<Fault> faults)
    {
        if (faults.IsEmpty)
        {
            return null;
        }

        var pointer = faults[0].Pointer;
        var member = pointer[(pointer.LastIndexOf('/') + 1)..];
        var isBinding = pointer.Contains("/binding/", StringComparison.Ordinal);
        var code = member switch
        {
            "phase" when isBinding => "CAUSAL_PHASE_INVALID",
            "attribution_confidence" or "attributionConfidence" when isBinding => "CAUSAL_CONFIDENCE_OUT_OF_RANGE",
            _ when isBinding && CausalMembers.Contains(member, StringComparer.Ordinal) => "CAUSAL_BINDING_NORMALIZATION_FAILED",
            _ => "SCHEMA_VALIDATION_FAILED",
        };
        return new EnvelopeFault(code, "payload" + pointer.Replace('/', '.'), faults[0].Message);
    }
}
