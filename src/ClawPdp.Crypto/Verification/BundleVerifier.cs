using System.Collections.Immutable;
using ClawPdp.Core.Bundles;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>Verifies a proof bundle: the agent's signature, the chain, every receipt, and what hangs on what.</summary>
internal sealed class BundleVerifier
{
    private readonly EnvelopeSubject _subject;
    private readonly BundleReceipts _receipts;

    public BundleVerifier(JsonValue envelope, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        _subject = new EnvelopeSubject(envelope, trustedSigners, now);
        _receipts = new BundleReceipts(_subject);
    }

    public ArtifactVerdict Verify()
    {
        var fault = StepRun.Run(
            [
                .. BundleForm.Steps(_subject, () => ProofBundleSchema.Check(_subject.Payload)),
                ("evidence", CheckEvidence),
                ("agent_did", CheckAgent),
                ("payload_hash", () => EnvelopeTrust.CheckHash(_subject)),
                ("signature", () => EnvelopeTrust.CheckSignature(_subject)),
                ("event_chain", () => BundleForm.CheckChain(_subject.Payload, "event_chain")),
                ("gateway_receipts", _receipts.CheckGateways),
                ("tool_receipts", _receipts.CheckTools),
                ("side_effect_receipts", () => _receipts.CheckPayloads("side_effect_receipts")),
                ("human_approval_receipts", () => _receipts.CheckPayloads("human_approval_receipts")),
                ("delegation_receipts", _receipts.CheckDelegations),
                ("causality", CheckCausality),
                ("other_evidence", _receipts.NoteUnevaluated),
            ],
            out var checks);
        return ArtifactVerifier.Conclude(EnvelopeTypes.ProofBundle, _subject.Envelope, _subject.SignerDid, fault, checks) with
        {
            ProofTier = _receipts.GatewayCount > 0 ? "gateway" : "self",
            Findings = _receipts.Findings(),
        };
    }

    // The schema takes other evidence, too, but the public verifier wants one of these to be there.
    private EnvelopeFault? CheckEvidence()
    {
        var payload = _subject.Payload;
        if (payload.Find("urm") is not null)
        {
            return new EnvelopeFault("URM_MISSING", "payload.urm", "the document that it refers to is not at hand");
        }

        if (!ProofBundleSchema.IsMetadataWithinLimit(payload))
        {
            return new EnvelopeFault("MALFORMED_ENVELOPE", "payload.metadata", $"larger than {ProofBundleSchema.MetadataSizeMaxBytes} bytes");
        }

        return payload.Find("event_chain") is not null || payload.Find("receipts") is not null || payload.Find("attestations") is not null
            ? null
            : new EnvelopeFault("MALFORMED_ENVELOPE", "payload", "there is neither a chain of events nor a gateway receipt");
    }

    private EnvelopeFault? CheckAgent()
    {
        var agent = _subject.Payload.FindText("agent_did") ?? "";
        if (!Did.IsVerifiable(agent))
        {
            return new EnvelopeFault("INVALID_DID_FORMAT", "payload.agent_did", "the agent is neither a did:key nor a did:web");
        }

        return string.Equals(agent, _subject.SignerDid, StringComparison.Ordinal)
            ? null
            : new EnvelopeFault("INVALID_DID_FORMAT", "signer_did", "the bundle is not signed by its agent");
    }

    private EnvelopeFault? CheckCausality() =>
        CausalRules.FindFault(_subject.Payload) is { } fault
            ? new EnvelopeFault(fault.Code, "payload" + fault.Pointer.Replace('/', '.'), fault.Message)
            : null;
}
