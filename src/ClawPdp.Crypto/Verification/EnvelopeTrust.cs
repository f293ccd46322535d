using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Envelopes;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using ClawPdp.Core.Receipts;

namespace ClawPdp.Crypto.Verification;

/// <summary>The checks of signer, time, hash and signature.</summary>
internal static class EnvelopeTrust
{
    public static EnvelopeFault? CheckSignerForm(EnvelopeSubject subject) => Did.IsVerifiable(subject.SignerDid)
        ? null
        : new EnvelopeFault("INVALID_DID_FORMAT", "signer_did", "the signer is neither a did:key nor a did:web");

    public static EnvelopeFault? CheckSigner(EnvelopeSubject subject)
    {
        if (subject.TrustedSigners.IsDefaultOrEmpty)
        {
            return new EnvelopeFault("DEPENDENCY_NOT_CONFIGURED", "signer_did", "no trusted signer was named");
        }

        return subject.TrustedSigners.Contains(subject.SignerDid, StringComparer.Ordinal)
            ? null
            : new EnvelopeFault("CLAIM_NOT_FOUND", "signer_did", "the signer is not trusted");
    }

    public static EnvelopeFault? CheckExpiry(EnvelopeSubject subject) =>
        Rfc3339.TryParse(subject.Text("expires_at"), out var end) && subject.Now > end
            ? new EnvelopeFault("EXPIRED_TTL", "expires_at", "the envelope is expired")
            : null;

    public static EnvelopeFault? CheckHash(EnvelopeSubject subject)
    {
        // Policies are hashed over their JCS; everything else over what an ECMAScript reader would write again.
        var hash = subject.Type is EnvelopeTypes.WorkPolicyContract
            ? Sha256.OfCanonical(subject.Payload)
            : Sha256.B64u(JsonWriter.WriteAsReceived(subject.Payload));
        return string.Equals(hash, subject.PayloadHash, StringComparison.Ordinal)
            ? null
            : new EnvelopeFault("HASH_MISMATCH", "payload_hash_b64u", "the hash is not that of the payload");
    }

    public static EnvelopeFault? CheckSignature(EnvelopeSubject subject)
    {
        if (!Ed25519PublicKey.TryFromDid(subject.SignerDid, out var key))
        {
            return new EnvelopeFault("INVALID_DID_FORMAT", "signer_did", "the signer's DID holds no Ed25519 key");
        }

        return IsSigned(subject, key, subject.Text("signature_b64u"))
            ? null
            : new EnvelopeFault("SIGNATURE_INVALID", "signature_b64u", "the signature does not verify");
    }

    public static EnvelopeFault? CheckCoSignatures(EnvelopeSubject subject)
    {
        foreach (var item in subject.Envelope.Find("co_signatures")?.Items ?? [])
        {
            if (!Ed25519PublicKey.TryFromDid(item.FindText("signer_did"), out var key) || !IsSigned(subject, key, item.FindText("signature_b64u") ?? ""))
            {
                return new EnvelopeFault("CO_SIGNATURE_INVALID", "co_signatures", "a co-signature does not verify");
            }
        }

        return null;
    }

    public static EnvelopeFault? CheckDisclosures(EnvelopeSubject subject)
    {
        foreach (var side in (ReadOnlySpan<string>)["args", "result"])
        {
            var code = Disclosure.FindFault(subject.Payload.Find(side + "_disclosure"), subject.Payload.FindText(side + "_hash_b64u"));
            if (code is not null)
            {
                return new EnvelopeFault(code, $"payload.{side}_disclosure", "the disclosure does not lead to the committed hash");
            }
        }

        return null;
    }

    // What is signed: the 43 ASCII characters of the payload hash.
    private static bool IsSigned(EnvelopeSubject subject, Ed25519PublicKey key, string signature) =>
        Base64UrlText.TryDecode(signature, out var bytes) && key.Verify(Encoding.ASCII.GetBytes(subject.PayloadHash), bytes);
}
