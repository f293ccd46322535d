using System.Collections.Immutable;
using System.Globalization;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Crypto.Verification;

/// <summary>The receipts of a proof bundle, judged one by one. Used after the schema and the chain were checked.</summary>
internal sealed class BundleReceipts
{
    private static readonly ImmutableArray<string> Unevaluated =
        ["attestations", "web_receipts", "vir_receipts", "coverage_attestations", "binary_semantic_evidence_attestations", "rate_limit_claims"];

    private readonly EnvelopeSubject _bundle;
    private readonly ImmutableArray<string>.Builder _findings = ImmutableArray.CreateBuilder<string>();

    public BundleReceipts(EnvelopeSubject bundle) => _bundle = bundle;

    /// <summary>Gets the number of gateway receipts that count.</summary>
    public int GatewayCount { get; private set; }

    /// <summary>Gives what a reader should know.</summary>
    public ImmutableArray<string> Findings() => _findings.ToImmutable();

    /// <summary>Every gateway receipt has to verify and to be bound to the chain, as the public command line has it.</summary>
    public EnvelopeFault? CheckGateways()
    {
        var index = 0;
        foreach (var receipt in _bundle.Payload.Find("receipts")?.Items ?? [])
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"payload.receipts.{index++}");
            if (receipt.Find("envelope_type") is null && receipt.Find("receipt_type") is not null)
            {
                _findings.Add($"{field}: a receipt of an older form, not looked at");
                continue;
            }

            var fault = CheckGateway(receipt, field);
            if (fault is not null)
            {
                return fault;
            }

            GatewayCount++;
        }

        return null;
    }

    public EnvelopeFault? CheckTools()
    {
        var index = 0;
        foreach (var receipt in _bundle.Payload.Find("tool_receipts")?.Items ?? [])
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"payload.tool_receipts.{index++}");
            var fault = receipt.Find("envelope_type") is null ? CheckBareTool(receipt, field) : CheckToolEnvelope(receipt, field);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>Receipts that stand in a bundle without an envelope: only the agent's signature covers them.</summary>
    public EnvelopeFault? CheckPayloads(string list)
    {
        var index = 0;
        foreach (var receipt in _bundle.Payload.Find(list)?.Items ?? [])
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"payload.{list}.{index++}");
            if ((CheckAgent(receipt, field) ?? CheckBinding(receipt, field)) is { } fault)
            {
                return fault;
            }
        }

        if (index > 0)
        {
            _findings.Add($"payload.{list}: signed by the agent alone");
        }

        return null;
    }

    public EnvelopeFault? CheckDelegations()
    {
        var index = 0;
        foreach (var receipt in _bundle.Payload.Find("delegation_receipts")?.Items ?? [])
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"payload.delegation_receipts.{index++}");
            if (CheckBinding(receipt, field) is { } fault)
            {
                return fault;
            }
        }

        if (index > 0)
        {
            _findings.Add("payload.delegation_receipts: signed by the agent alone; the delegate's bundle is not looked at");
        }

        return null;
    }

    /// <summary>Says what the agent added that is not evaluated here: it raises no tier, and no reader shall take it for checked.</summary>
    public EnvelopeFault? NoteUnevaluated()
    {
        foreach (var list in Unevaluated.Where(list => _bundle.Payload.Find(list) is not null))
        {
            _findings.Add($"payload.{list}: not evaluated; it counts for nothing");
        }

        return null;
    }

    private EnvelopeFault? CheckGateway(JsonValue receipt, string field)
    {
        if (_bundle.TrustedSigners.IsDefaultOrEmpty)
        {
            return new EnvelopeFault("DEPENDENCY_NOT_CONFIGURED", field, "no trusted signer was named");
        }

        if (receipt.FindText("envelope_type") is not "gateway_receipt")
        {
            return new EnvelopeFault("SCHEMA_VALIDATION_FAILED", field, "the envelope of a gateway receipt is expected");
        }

        var verdict = EnvelopeVerifier.Verify(receipt, _bundle.TrustedSigners, _bundle.Now);
        if (!verdict.IsValid)
        {
            var code = verdict.Code is "SCHEMA_VALIDATION_FAILED" ? verdict.Code : "RECEIPT_VERIFICATION_FAILED";
            return new EnvelopeFault(code, field, $"{verdict.Code}: {verdict.Message}");
        }

        var payload = receipt.Find("payload") ?? JsonValue.Null;
        return payload.Find("binding")?.FindText("event_hash_b64u") is null
            ? new EnvelopeFault("RECEIPT_BINDING_MISMATCH", field, "the receipt is bound to no event")
            : CheckBinding(payload, field);
    }

    private EnvelopeFault? CheckBareTool(JsonValue receipt, string field)
    {
        if (ReceiptSchemas.CheckTool(receipt) is { IsEmpty: false } faults)
        {
            return new EnvelopeFault("SCHEMA_VALIDATION_FAILED", field + faults[0].Pointer.Replace('/', '.'), faults[0].Message);
        }

        _findings.Add($"{field}: signed by the agent alone");
        return CheckAgent(receipt, field) ?? CheckBinding(receipt, field) ?? CheckDisclosures(receipt, field);
    }

    // The public verifier takes any signer here. Ours takes a trusted one, or the agent itself.
    private EnvelopeFault? CheckToolEnvelope(JsonValue receipt, string field)
    {
        var payload = receipt.Find("payload") ?? JsonValue.Null;
        var isTool = receipt.FindText("envelope_type") is "tool_receipt";
        if (!isTool)
        {
            return new EnvelopeFault("SCHEMA_VALIDATION_FAILED", field, "a tool receipt is expected");
        }

        if ((CheckAgent(payload, field) ?? CheckBinding(payload, field)) is { } unbound)
        {
            return unbound;
        }

        var verdict = EnvelopeVerifier.Verify(receipt, [.. _bundle.TrustedSigners.IsDefault ? [] : _bundle.TrustedSigners, _bundle.SignerDid], _bundle.Now);
        return verdict.IsValid ? null : new EnvelopeFault(verdict.Code, $"{field}.{verdict.Field}", verdict.Message);
    }

    private static EnvelopeFault? CheckDisclosures(JsonValue payload, string field)
    {
        foreach (var side in (ReadOnlySpan<string>)["args", "result"])
        {
            if (Disclosure.FindFault(payload.Find(side + "_disclosure"), payload.FindText(side + "_hash_b64u")) is { } code)
            {
                return new EnvelopeFault(code, $"{field}.{side}_disclosure", "the disclosure does not lead to the committed hash");
            }
        }

        return null;
    }

    private EnvelopeFault? CheckAgent(JsonValue payload, string field) =>
        string.Equals(payload.FindText("agent_did"), _bundle.Payload.FindText("agent_did"), StringComparison.Ordinal)
            ? null
            : new EnvelopeFault("PROOF_BUNDLE_AGENT_MISMATCH", field, "the receipt is of another agent");

    private EnvelopeFault? CheckBinding(JsonValue payload, string field)
    {
        var chain = _bundle.Payload.Find("event_chain")?.Items ?? [];
        if (payload.Find("binding") is not { } binding || chain.IsEmpty)
        {
            return null;
        }

        if (binding.FindText("run_id") is { Length: > 0 } run && !string.Equals(run, chain[0].FindText("run_id"), StringComparison.Ordinal))
        {
            return new EnvelopeFault("RECEIPT_BINDING_MISMATCH", field, "the receipt is of another run");
        }

        return binding.FindText("event_hash_b64u") is { } hash && !chain.Any(item => string.Equals(item.FindText("event_hash_b64u"), hash, StringComparison.Ordinal))
            ? new EnvelopeFault("RECEIPT_BINDING_MISMATCH", field, "the receipt is about an event that is not in the chain")
            : null;
    }
}
