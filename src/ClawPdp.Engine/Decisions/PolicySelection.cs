using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Row 5 of the decision table: which policy decides, and is it the one that token and caller mean?</summary>
internal static class PolicySelection
{
    /// <summary>Gives the policies of the audience that asks.</summary>
    /// <returns>Whether there is one answer; false when the token's audiences have different ones and none is named.</returns>
    public static bool TryFind(EngineState state, PolicyTable table, VerifiedToken token, string? asked, out ActivePolicy? active)
    {
        active = null;
        var isFirst = true;
        foreach (var audience in token.Audiences)
        {
            if (!ValidityCheck.Counts(state, audience, asked))
            {
                continue;
            }

            var own = table.For(audience);
            if (!isFirst && !ActivePolicy.AreAlike(active, own, token.Claims.PolicyHash))
            {
                return false;
            }

            active = own;
            isFirst = false;
        }

        return true;
    }

    /// <summary>Chooses the chain that decides.</summary>
    /// <param name="state">The state of the answer.</param>
    /// <param name="revocations">Everything revoked.</param>
    /// <param name="token">The token.</param>
    /// <param name="question">The question.</param>
    /// <param name="now">The instant.</param>
    /// <param name="chain">Receives the chain; <see langword="null"/> when the token's scope alone decides, or with a refusal.</param>
    /// <param name="end">Receives when the choice ends by itself; <see langword="null"/> for never.</param>
    public static Refusal? Choose(
        EngineState state,
        RevocationView revocations,
        VerifiedToken token,
        Question question,
        DateTimeOffset now,
        out SignedChain? chain,
        out DateTimeOffset? end)
    {
        chain = null;
        end = null;
        if (!string.IsNullOrEmpty(question.PolicyHash) && !Base64UrlText.IsSha256(question.PolicyHash))
        {
            return new Refusal(ReasonCode.PolicyHashInvalid, "the policy hash is not 43 canonical base64url characters");
        }

        if (!TryFind(state, state.Policies, token, question.Audience, out var active))
        {
            return new Refusal(ReasonCode.AudienceRequired, "the token's audiences have different policies, and the question names none of them");
        }

        if (active is null)
        {
            var isNeeded = !string.IsNullOrEmpty(question.PolicyHash) || token.Claims.PolicyHash is not null || state.PolicyRequired;
            return isNeeded ? new Refusal(ReasonCode.PolicyMissing, "no policy is in force") : null;
        }

        return ChooseOf(active, revocations, token.Claims.PolicyHash, question.PolicyHash, now, out chain, out end);
    }

    private static Refusal? ChooseOf(ActivePolicy active, RevocationView revocations, string? pin, string? asked, DateTimeOffset now, out SignedChain? chain, out DateTimeOffset? end)
    {
        chain = active.Current;
        end = null;
        if (pin is not null && !string.Equals(pin, active.Current.PolicyHash, StringComparison.Ordinal))
        {
            var isOverlap = active.Previous is { } previous && string.Equals(pin, previous.PolicyHash, StringComparison.Ordinal) && now < active.PreviousUntil;
            if (!isOverlap)
            {
                return new Refusal(ReasonCode.PolicyHashMismatch, "the token is pinned to a policy that is not the one in force");
            }

            chain = active.Previous ?? active.Current;
            end = active.PreviousUntil;
        }

        if (!string.IsNullOrEmpty(asked) && !string.Equals(asked, chain.PolicyHash, StringComparison.Ordinal))
        {
            return new Refusal(ReasonCode.PolicyHashMismatch, "the policy asked for is not the one in force");
        }

        return chain.IsWithdrawn(revocations)
            ? new Refusal(ReasonCode.PolicyMissing, "the policy in force, or a key that signed it, is revoked")
            : null;
    }
}
