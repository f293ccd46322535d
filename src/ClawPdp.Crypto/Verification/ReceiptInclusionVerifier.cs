using System.Collections.Immutable;
using System.Text;
using ClawPdp.Core.Encoding;
using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Json;
using ClawPdp.Core.Log;

namespace ClawPdp.Crypto.Verification;

/// <summary>
/// Verifies a proof of the public receipt log in the order and with the codes of the public verifier. Unlike that one it wants a
/// trusted signer. It does not know which receipt is meant: whoever asks compares the leaf.
/// </summary>
public static class ReceiptInclusionVerifier
{
    /// <summary>Gives the first fault; <see langword="null"/> when the proof holds.</summary>
    /// <param name="value">The proof.</param>
    /// <param name="trustedDids">The did:keys that count as the log.</param>
    public static EnvelopeFault? FindFault(JsonValue value, ImmutableArray<string> trustedDids)
    {
        var read = ReceiptInclusion.Read(value);
        if (!read.TryGet(out var proof))
        {
            return new EnvelopeFault("SCHEMA_VALIDATION_FAILED", read.Faults[0].Pointer, read.Faults[0].Message);
        }

        // The path is climbed last, as the public verifier does: a forged root is a forged root first.
        var isPlaced = proof.LeafIndex >= 0 && proof.TreeSize > 0 && proof.LeafIndex < proof.TreeSize
            && proof.AuditPath.Length == ReceiptTree.PathLengthOf(proof.TreeSize);
        if (!isPlaced)
        {
            return new EnvelopeFault("INCLUSION_PROOF_INVALID", "metadata.leaf_index", "the place, the size and the length of the path do not agree");
        }

        if (!Did.IsVerifiable(proof.SignerDid) || !Ed25519PublicKey.TryFromDid(proof.SignerDid, out var key))
        {
            return new EnvelopeFault("INVALID_DID_FORMAT", "root_signature.signer_did", "the signer's DID holds no Ed25519 key");
        }

        if (!trustedDids.Contains(proof.SignerDid, StringComparer.Ordinal))
        {
            return new EnvelopeFault("CLAIM_NOT_FOUND", "root_signature.signer_did", "the signer is not trusted");
        }

        if (!Base64UrlText.TryDecode(proof.Signature, out var signature) || !key.Verify(Encoding.ASCII.GetBytes(proof.RootHash), signature))
        {
            return new EnvelopeFault("SIGNATURE_INVALID", "root_signature.sig_b64u", "the signature does not verify");
        }

        return proof.LeadsToRoot() ? null : new EnvelopeFault("INCLUSION_PROOF_INVALID", "audit_path", "the path does not lead to the root");
    }
}
