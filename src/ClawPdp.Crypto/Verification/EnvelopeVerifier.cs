using System.Collections.Immutable;
using ClawPdp.Core.Json;

namespace ClawPdp.Crypto.Verification;

/// <summary>
/// Verifies a signed envelope in the order and with the codes of the public verifier, and more strictly where it is lax:
/// signers are trusted for every kind by name, base64url is canonical, expiry counts, and what is not signed is never valid.
/// </summary>
public static class EnvelopeVerifier
{
    /// <summary>The longest envelope that is looked at.</summary>
    public const int SizeMaxBytes = 1 << 20;

    /// <summary>Verifies.</summary>
    /// <param name="text">The envelope: UTF-8 JSON.</param>
    /// <param name="trustedSigners">The did:keys whose signature counts; none means that nothing can be valid.</param>
    /// <param name="now">The instant at which an expiry is judged.</param>
    public static VerificationResult Verify(ReadOnlySpan<byte> text, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        var parsed = JsonReader.Parse(text, SizeMaxBytes);
        if (!parsed.TryGet(out var envelope) || envelope.Kind != JsonKind.Object)
        {
            var message = parsed.IsValid ? "an object is expected" : parsed.Faults[0].Message;
            return new VerificationResult
            {
                IsValid = false,
                Code = "MALFORMED_ENVELOPE",
                Message = message,
                Checks = [new VerificationCheck("json", false, message)],
            };
        }

        return Verify(envelope, trustedSigners, now);
    }

    /// <summary>Verifies an envelope that was read already.</summary>
    /// <param name="envelope">The envelope, its members in the order in which they were received.</param>
    /// <param name="trustedSigners">The did:keys whose signature counts; none means that nothing can be valid.</param>
    /// <param name="now">The instant at which an expiry is judged.</param>
    public static VerificationResult Verify(JsonValue envelope, ImmutableArray<string> trustedSigners, DateTimeOffset now)
    {
        var fault = StepRun.Run(Steps(new EnvelopeSubject(envelope, trustedSigners, now)), out var checks);
        return Conclude(envelope, fault, checks);
    }

    private static VerificationResult Conclude(JsonValue envelope, EnvelopeFault? fault, ImmutableArray<VerificationCheck> checks)
    {
        var payload = envelope.Find("payload");
        var verdict = new VerificationResult
        {
            IsValid = fault is null,
            Code = "VALID",
            SignerDid = envelope.FindText("signer_did") ?? "",
            EnvelopeType = envelope.FindText("envelope_type") ?? "",
            ReceiptId = payload?.FindText("receipt_id") ?? "",
            Payload = payload,
            PayloadHash = envelope.FindText("payload_hash_b64u") ?? "",
            Checks = checks,
        };
        return fault is null ? verdict : verdict with { Code = fault.Code, Field = fault.Field, Message = fault.Message };
    }

    private static IEnumerable<(string Name, Func<EnvelopeFault?> Check)> Steps(EnvelopeSubject subject) =>
    [
        ("envelope_members", () => EnvelopeForm.CheckMembers(subject)),
        ("envelope_version", () => EnvelopeForm.CheckVersion(subject)),
        ("envelope_type", () => EnvelopeForm.CheckType(subject)),
        ("algorithm", () => EnvelopeForm.CheckAlgorithms(subject)),
        ("schema", () => EnvelopeForm.CheckSchema(subject)),
        ("signer_did", () => EnvelopeTrust.CheckSignerForm(subject)),
        ("trusted_signer", () => EnvelopeTrust.CheckSigner(subject)),
        ("encoding", () => EnvelopeForm.CheckEncoding(subject)),
        ("limits", () => EnvelopeForm.CheckLimits(subject)),
        ("expiry", () => EnvelopeTrust.CheckExpiry(subject)),
        ("payload_hash", () => EnvelopeTrust.CheckHash(subject)),
        ("signature", () => EnvelopeTrust.CheckSignature(subject)),
        ("co_signatures", () => EnvelopeTrust.CheckCoSignatures(subject)),
        ("disclosures", () => EnvelopeTrust.CheckDisclosures(subject)),
    ];
}
