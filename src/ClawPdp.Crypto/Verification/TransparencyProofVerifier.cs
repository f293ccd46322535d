using System.Collections.Immutable;
using ClawPdp.Core.Log;

namespace ClawPdp.Crypto.Verification;

/// <summary>
/// Verifies that a transparency log holds a receipt or issuance record, from a proof in a file (<c>c2sp.org/tlog-proof@v1</c>) whose
/// <c>extra</c> is the log's entry (docs/evidence.md section 2). Nothing but the log's signature vouches for the entry.
/// </summary>
public static class TransparencyProofVerifier
{
    /// <summary>The largest file that is read: 63 hashes, an entry and a checkpoint with cosignatures.</summary>
    public const int SizeMaxBytes = 256 * 1024;

    private const string Invalid = "INCLUSION_PROOF_INVALID";

    /// <summary>Gives the first fault; <see langword="null"/> when the log holds the artefact.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="payloadHash">The artefact's <c>payload_hash_b64u</c>, already verified.</param>
    /// <param name="trustedDids">The did:keys that count as the log.</param>
    public static EnvelopeFault? FindFault(string text, string payloadHash, ImmutableArray<string> trustedDids)
    {
        if (TransparencyProof.Parse(text) is not { } proof)
        {
            return new EnvelopeFault("SCHEMA_VALIDATION_FAILED", "", "this is no c2sp.org/tlog-proof@v1");
        }

        if (CheckpointVerifier.Verify(proof.Checkpoint, trustedDids, out _) is not { } checkpoint)
        {
            return new EnvelopeFault("SIGNATURE_INVALID", "checkpoint", "the checkpoint is not signed by a trusted key under the log's name");
        }

        if (proof.Extra is not { } entry || LogEntry.Parse(entry.Span) is not { } parsed)
        {
            return new EnvelopeFault(Invalid, "extra", "the log's entry is expected there");
        }

        if (!string.Equals(parsed.PayloadHash, payloadHash, StringComparison.Ordinal))
        {
            return new EnvelopeFault(Invalid, "extra", "the entry is about another artefact");
        }

        return MerkleProofs.VerifyInclusion(MerkleTree.LeafHash(entry.Span), proof.Index, checkpoint.Size, proof.Path, checkpoint.Root.Span)
            ? null
            : new EnvelopeFault(Invalid, "index", "the path does not lead from the entry to the signed root");
    }
}
