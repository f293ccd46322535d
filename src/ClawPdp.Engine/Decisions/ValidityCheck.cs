using ClawPdp.Core.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Row 3 of the decision table: is the token for here and now?</summary>
internal static class ValidityCheck
{
    /// <summary>Checks audience, times and scope hash.</summary>
    /// <param name="state">The state of the answer.</param>
    /// <param name="token">The token, whose signature held.</param>
    /// <param name="asked">The audience that asks; <see langword="null"/> or empty for any.</param>
    /// <param name="now">The instant.</param>
    public static Refusal? Find(EngineState state, VerifiedToken token, string? asked, DateTimeOffset now)
    {
        if (!IsForUs(state, token, asked))
        {
            return new Refusal(ReasonCode.TokenBadAudience, "the token is for another audience");
        }

        var seconds = now.ToUnixTimeSeconds();
        if (seconds >= token.Claims.ExpiresAt)
        {
            return new Refusal(ReasonCode.TokenExpired, "the token is expired");
        }

        if (token.Claims.DelegationExpiresAt is { } delegationEnd && seconds >= delegationEnd)
        {
            return new Refusal(ReasonCode.TokenDelegationExpired, "the token's delegation is expired");
        }

        if (token.Claims.IssuedAt > seconds)
        {
            return new Refusal(ReasonCode.TokenNotYetValid, "the token was issued in the future");
        }

        return token.ScopeHashFault is { } fault ? new Refusal(fault, "the token's scope hash is missing or not that of its claims") : null;
    }

    /// <summary>Tells whether an audience of a token is one of ours, and the one that asks.</summary>
    public static bool Counts(EngineState state, string audience, string? asked) =>
        IsOurs(state, audience)
        && (string.IsNullOrEmpty(asked) || string.Equals(audience, asked, StringComparison.Ordinal));

    private static bool IsOurs(EngineState state, string audience)
    {
        foreach (var own in state.Audiences)
        {
            if (string.Equals(own, audience, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsForUs(EngineState state, VerifiedToken token, string? asked)
    {
        foreach (var audience in token.Audiences)
        {
            if (Counts(state, audience, asked))
            {
                return true;
            }
        }

        return false;
    }
}
