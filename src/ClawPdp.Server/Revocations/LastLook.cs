using ClawPdp.Core.Decisions;
using ClawPdp.Crypto;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Server.Keys;

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

    /// <exception cref="AppendRefusedException">The key of receipts is revoked, and its successor is not there yet.</exception>
    public static void ThrowIfRevoked(RevocationView revocations, PurposeKey receiptKey)
    {
        if (KeySchedule.IsRevoked(receiptKey.PublicKey, revocations))
        {
            throw new AppendRefusedException(ReasonCode.SignerUnavailable, "the key of receipts is revoked, and the next one is not there yet");
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
