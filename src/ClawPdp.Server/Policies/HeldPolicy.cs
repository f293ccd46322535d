using ClawPdp.Core.Identifiers;
using ClawPdp.Core.Policies;

namespace ClawPdp.Server.Policies;

/// <summary>A policy that is held: its signature held when it was taken in, and it is on disk. Compared by reference.</summary>
internal sealed class HeldPolicy
{
    public HeldPolicy(SignedPolicy signed, ReadOnlyMemory<byte> envelopeJson, DateTimeOffset heldSince)
    {
        Policy = signed.Policy;
        SignerDid = signed.SignerDid;
        // A signer that no did:key names is none that a signature was verified with.
        SignerKeyId = DidKey.TryDecode(signed.SignerDid, out var key) ? KeyId.Of(key) : "";
        EnvelopeJson = envelopeJson;
        HeldSince = heldSince;
    }

    public WorkPolicyContract Policy { get; }

    /// <summary>Gets the did:key of the key that signed it.</summary>
    public string SignerDid { get; }

    /// <summary>Gets the key id of that key.</summary>
    public string SignerKeyId { get; }

    /// <summary>Gets the envelope, byte for byte as it was taken in.</summary>
    public ReadOnlyMemory<byte> EnvelopeJson { get; }

    /// <summary>Gets when the policy was first taken in.</summary>
    public DateTimeOffset HeldSince { get; }
}
