using System.Collections.Immutable;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Engine.Policies;

/// <summary>A chain of policies with the keys that signed them.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="SignerKeyIds">The key ids of those who signed a policy of the chain.</param>
public sealed record SignedChain(PolicyChain Chain, ImmutableArray<string> SignerKeyIds)
{
    /// <summary>Gets the hash of the policy at the end of the chain.</summary>
    public string PolicyHash => Chain.Policy.PolicyHash;

    /// <summary>Tells whether a policy of the chain, or a key that signed one, is revoked: then nothing is allowed by it.</summary>
    public bool IsWithdrawn(RevocationView revocations)
    {
        if (revocations.IsEmpty)
        {
            return false;
        }

        foreach (var link in Chain.Links)
        {
            if (revocations.Names(RevocationKind.PolicyHash, link.PolicyHash))
            {
                return true;
            }
        }

        foreach (var keyId in SignerKeyIds)
        {
            if (revocations.Names(RevocationKind.KeyId, keyId))
            {
                return true;
            }
        }

        return false;
    }
}
