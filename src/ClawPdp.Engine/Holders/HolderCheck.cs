using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Holders;

/// <summary>The last check of a token: does it come from whom it is bound to? A token that is bound to nobody comes from anybody.</summary>
internal static class HolderCheck
{
    /// <summary>Checks.</summary>
    /// <param name="verified">The token, which passed every other check.</param>
    /// <param name="token">The same as it was presented, with what is known of the caller.</param>
    /// <param name="now">The instant of the question.</param>
    public static Refusal? Find(VerifiedToken verified, PresentedToken token, DateTimeOffset now)
    {
        if (verified.Holder is not { } holder)
        {
            return null;
        }

        if (holder.KeyThumbprint is { } thumbprint)
        {
            return token.Evidence is { Proofs.IsEmpty: false } evidence
                ? evidence.FindFault(thumbprint, verified, now)
                : new Refusal(ReasonCode.TokenProofRequired, "the token is bound to a key, and no proof of it came with the call");
        }

        return token.PeerUserId switch
        {
            null => new Refusal(ReasonCode.TokenProofRequired, "the token is bound to a user of this machine, and the caller came by no Unix socket"),
            { } user when user == holder.UserId => null,
            _ => new Refusal(ReasonCode.TokenProofInvalid, "the token is bound to another user of this machine"),
        };
    }
}
