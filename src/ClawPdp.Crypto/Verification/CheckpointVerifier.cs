using System.Text;
using ClawPdp.Core.Log;

namespace ClawPdp.Crypto.Verification;

/// <summary>Verifies checkpoints of a transparency log (C2SP tlog-checkpoint in a signed-note).</summary>
public static class CheckpointVerifier
{
    /// <summary>Gives the checkpoint of a note that a trusted key signed under the log's own name.</summary>
    /// <param name="note">The signed note.</param>
    /// <param name="trustedDids">The did:keys that count; more than one where the log's key was changed.</param>
    /// <param name="signerDid">The key that signed; <see langword="null"/> when none of them did.</param>
    /// <returns>The checkpoint; <see langword="null"/> when it is none, no trusted key signed it, or a trusted key's signature is wrong.</returns>
    public static Checkpoint? Verify(string note, IEnumerable<string> trustedDids, out string? signerDid)
    {
        signerDid = null;
        if (SignedNote.Parse(note) is not { } parsed || Checkpoint.Parse(parsed.Text) is not { } checkpoint)
        {
            return null;
        }

        foreach (var did in trustedDids)
        {
            if (!Ed25519PublicKey.TryFromDid(did, out var key))
            {
                continue;
            }

            // A signature of a known key that fails spoils the note, whatever else stands there.
            foreach (var signature in parsed.Signatures.Where(candidate => IsOf(candidate, checkpoint.Origin, key)))
            {
                if (!key.Verify(Encoding.UTF8.GetBytes(parsed.Text), signature.Signature.Span))
                {
                    signerDid = null;
                    return null;
                }

                signerDid = did;
            }
        }

        return signerDid is null ? null : checkpoint;
    }

    private static bool IsOf(NoteSignature signature, string origin, Ed25519PublicKey key) =>
        string.Equals(signature.Name, origin, StringComparison.Ordinal)
            && signature.KeyId == SignedNote.KeyIdOf(origin, SignedNote.Ed25519, key.Raw.Span);
}
