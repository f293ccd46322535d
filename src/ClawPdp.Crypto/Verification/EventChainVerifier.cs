using System.Collections.Immutable;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Json;
using ClawPdp.Core.Runs;

namespace ClawPdp.Crypto.Verification;

/// <summary>Verifies the events of a run that stand by themselves (event_chain.v1). Unlike the public service it computes every event's hash.</summary>
internal static class EventChainVerifier
{
    public static ArtifactVerdict Verify(JsonValue envelope, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        var subject = new EnvelopeSubject(envelope, trustedSigners, now);
        var fault = StepRun.Run(
            [
                .. BundleForm.Steps(subject, () => EventChainSchema.Check(subject.Payload)),
                ("trusted_signer", () => EnvelopeTrust.CheckSigner(subject)),
                ("payload_hash", () => EnvelopeTrust.CheckHash(subject)),
                ("signature", () => EnvelopeTrust.CheckSignature(subject)),
                ("event_chain", () => BundleForm.CheckChain(subject.Payload, "events")),
                ("run", () => CheckRun(subject.Payload)),
            ],
            out var checks);
        return ArtifactVerifier.Conclude(EnvelopeTypes.EventChain, envelope, subject.SignerDid, fault, checks);
    }

    private static EnvelopeFault? CheckRun(JsonValue payload) =>
        string.Equals(payload.Find("events")?.Items[0].FindText("run_id"), payload.FindText("run_id"), StringComparison.Ordinal)
            ? null
            : new EnvelopeFault("MALFORMED_ENVELOPE", "payload.run_id", "the events are of another run than the chain");
}
