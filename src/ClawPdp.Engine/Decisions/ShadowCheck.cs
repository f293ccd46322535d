using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Asks a candidate what it would answer. Only questions that come as far as the policy are put to it.</summary>
internal static class ShadowCheck
{
    /// <summary>Asks the candidate of the audience that asks.</summary>
    /// <returns>Its answer; <see langword="null"/> when there is none, or which one is meant is not clear.</returns>
    public static ShadowVerdict? Judge(EngineState state, RevocationView revocations, VerifiedToken token, Question question, in PolicyQuestion asked, DateTimeOffset now)
    {
        // INVARIANT: reference comparison, as the empty table is one.
        if (ReferenceEquals(state.Candidates, Policies.PolicyTable.Empty)
            || !PolicySelection.TryFind(state, state.Candidates, token, question.Audience, out var candidate)
            || candidate is null)
        {
            return null;
        }

        var reason = candidate.Current.IsWithdrawn(revocations)
            ? ReasonCode.PolicyMissing
            : PolicyCheck.Judge(candidate.Current.Chain, asked, question, token, state, now, null).Refusal?.Reason ?? ReasonCode.Allowed;
        return new ShadowVerdict(candidate.Current.PolicyHash, AudienceOf(state, token, question), reason);
    }

    private static string AudienceOf(EngineState state, VerifiedToken token, Question question)
    {
        foreach (var audience in token.Audiences)
        {
            if (ValidityCheck.Counts(state, audience, question.Audience) && state.Candidates.ByAudience.ContainsKey(audience))
            {
                return audience;
            }
        }

        return "";
    }
}
