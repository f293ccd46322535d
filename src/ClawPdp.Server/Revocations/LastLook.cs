using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Server.Revocations;

/// <summary>
/// Looks at the revocations once more, inside the ledger's transaction. They are shown before they are appended: so nothing that one
/// covers is ever appended after it.
/// </summary>
internal static class LastLook
{
    /// <exception cref="AppendRefusedException">The token is revoked.</exception>
    public static void ThrowIfRevoked(RevocationView revocations, RevocableTraits traits)
    {
        if (revocations.IsRevoked(traits))
        {
            throw new AppendRefusedException(ReasonCode.TokenRevoked, "the token, or one that it descends from, is revoked");
        }
    }

    /// <exception cref="AppendRefusedException">The policy that allowed, or a key that signed it, is revoked.</exception>
    public static void ThrowIfWithdrawn(RevocationView revocations, SignedChain? chain)
    {
        if (chain?.IsWithdrawn(revocations) ?? false)
        {
            throw new AppendRefusedException(ReasonCode.PolicyMissing, "the policy in force, or a key that signed it, is revoked");
        }
    }
}
