using System.Collections.Immutable;
using ClawPdp.Core.Faults;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;
using ClawPdp.Core.Runs;

namespace ClawPdp.Core.Bundles;

/// <summary>The public schema of a proof bundle's payload, a closed object.</summary>
public static class ProofBundleSchema
{
    /// <summary>The largest metadata, as compact JSON.</summary>
    public const int MetadataSizeMaxBytes = 16_384;

    private const int AttestationCountMax = 100;
    private const int ClaimCountMax = 256;

    /// <summary>Checks the payload. What a gateway or tool envelope holds is checked where it is verified.</summary>
    public static ImmutableArray<Fault> Check(JsonValue payload)
    {
        var faults = new List<Fault>();
        var root = JsonCursor.At(payload, faults);
        _ = root.IsObjectOf(
            "bundle_version", "bundle_id", "agent_did", "event_chain", "receipts", "tool_receipts", "side_effect_receipts",
            "human_approval_receipts", "delegation_receipts", "attestations", "urm", "web_receipts", "vir_receipts", "coverage_attestations",
            "binary_semantic_evidence_attestations", "rate_limit_claims", "eip8004_agent_id", "eip8004_registry", "metadata");
        PayloadRules.Is(root.Required("bundle_version"), "1");
        PayloadRules.Text(root.Required("bundle_id"));
        PayloadRules.Did(root.Required("agent_did"));
        foreach (var item in root.Optional("event_chain")?.AsArray(EventChain.CountMax, 1) ?? [])
        {
            Adopt(item, RunEventReader.Read(item.Value));
        }

        CheckReceipts(root);
        _ = root.Optional("attestations")?.AsArray(AttestationCountMax, 1);
        _ = root.Optional("rate_limit_claims")?.AsArray(ClaimCountMax);
        PayloadRules.Object(root.Optional("metadata"));
        PayloadRules.Object(root.Optional("urm"));
        return [.. faults];
    }

    /// <summary>Tells whether the metadata is as large as verifiers take it.</summary>
    public static bool IsMetadataWithinLimit(JsonValue payload) =>
        payload.Find("metadata") is not { } metadata || JsonWriter.WriteAsReceived(metadata).Length <= MetadataSizeMaxBytes;

    private static void CheckReceipts(JsonCursor root)
    {
        foreach (var item in root.Optional("receipts")?.AsArray(ProofBundle.ReceiptCountMax, 1) ?? [])
        {
            PayloadRules.Object(item);
        }

        foreach (var item in root.Optional("tool_receipts")?.AsArray(ProofBundle.ReceiptCountMax) ?? [])
        {
            PayloadRules.Object(item);
        }

        CheckPayloads(root.Optional("side_effect_receipts"), ReceiptSchemas.CheckSideEffect);
        CheckPayloads(root.Optional("human_approval_receipts"), ReceiptSchemas.CheckHumanApproval);
        CheckPayloads(root.Optional("delegation_receipts"), ReceiptSchemas.CheckDelegation);
    }

    private static void CheckPayloads(JsonCursor? list, Func<JsonValue, ImmutableArray<Fault>> check)
    {
        foreach (var item in list?.AsArray(ProofBundle.ReceiptCountMax) ?? [])
        {
            foreach (var fault in check(item.Value))
            {
                item.RefuseAt(fault.Pointer, fault.Message);
            }
        }
    }

    private static void Adopt<T>(JsonCursor item, Result<T> read)
        where T : class
    {
        foreach (var fault in read.Faults)
        {
            item.RefuseAt(fault.Pointer, fault.Message);
        }
    }
}
