using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Encoding;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Answers a question. The checks run in the order of the decision table, and the first that fails gives the reason.</summary>
public sealed class DecisionEngine
{
    private readonly EngineStateStore _states;
    private readonly RevocationView _revocations;

    /// <summary>Initializes a new instance of the <see cref="DecisionEngine"/> class.</summary>
    public DecisionEngine(EngineStateStore states, RevocationView revocations)
    {
        _states = states;
        _revocations = revocations;
    }

    /// <summary>Decides; never throws: what cannot be finished is denied with <see cref="ReasonCode.InternalError"/>.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="now">The instant of the question.</param>
    /// <param name="unexpected">Receives the exception of an answer that could not be finished.</param>
    public Decision Decide(Question question, DateTimeOffset now, out Exception? unexpected)
    {
        var state = _states.Current;
        unexpected = null;
        try
        {
            return DecideIn(state, question, now);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            unexpected = exception;
            return new Decision
            {
                Effect = Effect.Deny,
                Reason = ReasonCode.InternalError,
                Message = "the answer could not be finished",
                Epoch = state.Epoch,
            };
        }
    }

    /// <summary>Runs the checks of rows 2 to 4: is this token good here and now?</summary>
    /// <param name="token">The token's text.</param>
    /// <param name="now">The instant of the question.</param>
    public TokenVerification Examine(string? token, DateTimeOffset now) => Examine(_states.Current, token, now);

    private static TokenVerification Refuse(TokenVerification verification, ReasonCode reason, string message) =>
        verification with { Reason = reason, Message = message };

    private static (ReasonCode Reason, string Message)? CheckValidity(EngineState state, VerifiedToken token, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        if (!token.Claims.Audience.Any(audience => state.Audiences.Contains(EcmaScriptText.Trim(audience), StringComparer.Ordinal)))
        {
            return (ReasonCode.TokenBadAudience, "the token is for another audience");
        }

        if (seconds >= token.Claims.ExpiresAt)
        {
            return (ReasonCode.TokenExpired, "the token is expired");
        }

        if (token.Claims.DelegationExpiresAt is { } delegationEnd && seconds >= delegationEnd)
        {
            return (ReasonCode.TokenDelegationExpired, "the token's delegation is expired");
        }

        if (token.Claims.IssuedAt > seconds)
        {
            return (ReasonCode.TokenNotYetValid, "the token was issued in the future");
        }

        return token.ScopeHashFault is { } fault ? (fault, "the token's scope hash is missing or not that of its claims") : null;
    }

    private static (ReasonCode Reason, string Message)? CheckPin(EngineState state, VerifiedToken token, string? asked)
    {
        var active = state.Policy?.PolicyHash;
        var pin = token.Claims.PolicyHash;
        var isAsked = !string.IsNullOrEmpty(asked);
        if (isAsked && !Base64UrlText.IsSha256(asked))
        {
            return (ReasonCode.PolicyHashInvalid, "the policy hash is not 43 canonical base64url characters");
        }

        if (active is null)
        {
            return isAsked || pin is not null || state.PolicyRequired ? (ReasonCode.PolicyMissing, "no policy is in force") : null;
        }

        if (pin is not null && !string.Equals(pin, active, StringComparison.Ordinal))
        {
            return (ReasonCode.PolicyHashMismatch, "the token is pinned to a policy that is not the one in force");
        }

        return isAsked && !string.Equals(asked, active, StringComparison.Ordinal)
            ? (ReasonCode.PolicyHashMismatch, "the policy asked for is not the one in force")
            : null;
    }

    private static DateTimeOffset CacheableUntil(VerifiedToken token)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(token.Claims.ExpiresAt);
        return token.Key.NotAfter is { } keyEnd && keyEnd < end ? keyEnd : end;
    }

    private TokenVerification Examine(EngineState state, string? token, DateTimeOffset now)
    {
        var verification = TokenVerifier.Verify(token, state.Keys, now);
        if (verification.Token is not { } verified)
        {
            return verification;
        }

        if (CheckValidity(state, verified, now) is var (reason, message))
        {
            return Refuse(verification, reason, message);
        }

        return _revocations.IsRevoked(verified)
            ? Refuse(verification, ReasonCode.TokenRevoked, "the token is revoked")
            : verification;
    }

    private Decision DecideIn(EngineState state, Question question, DateTimeOffset now)
    {
        var examined = Examine(state, question.Token, now);
        var draft = new Decision
        {
            Effect = Effect.Deny,
            Reason = examined.Reason,
            Message = examined.Message,
            Token = examined.Token,
            Policy = state.Policy,
            Epoch = state.Epoch,
        };

        if (examined.Token is not { } token || examined.Reason != ReasonCode.Allowed)
        {
            return draft;
        }

        if (CheckPin(state, token, question.PolicyHash) is var (reason, message))
        {
            return draft with { Reason = reason, Message = message };
        }

        return DecideAction(draft, token, question);
    }

    private static Decision DecideAction(Decision draft, VerifiedToken token, Question question)
    {
        ImmutableArray<string> statements = [];
        var refusal = ActionChecks.Read(question, out var asked)
            ?? ActionChecks.CheckScope(token.Scope, asked)
            ?? ActionChecks.CheckPolicy(draft.Policy, asked, out statements);
        if (refusal is not null)
        {
            return draft with
            {
                Reason = refusal.Reason,
                Message = refusal.Message,
                Dimension = refusal.Dimension,
                StatementIds = statements.IsDefault ? [] : statements,
            };
        }

        return draft with
        {
            Effect = Effect.Allow,
            Reason = ReasonCode.Allowed,
            Message = "allowed",
            StatementIds = statements,
            CacheableUntil = CacheableUntil(token),
        };
    }
}
