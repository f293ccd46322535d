using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Counters;
using ClawPdp.Engine.Holders;
using ClawPdp.Engine.Listings;
using ClawPdp.Engine.Policies;
using ClawPdp.Engine.Revocations;
using ClawPdp.Engine.State;
using ClawPdp.Engine.Tokens;

namespace ClawPdp.Engine.Decisions;

/// <summary>Answers a question. The checks run in the order of the decision table, and the first that fails gives the reason.</summary>
public sealed class DecisionEngine
{
    private const int LookupCount = (int)TokenLookup.Verified + 1;

    private readonly EngineStateStore _states;
    private readonly RevocationView _revocations;
    private readonly ILineageSource _lineages;
    private readonly StripedCounters _lookups = new(LookupCount);

    /// <summary>Initializes a new instance of the <see cref="DecisionEngine"/> class.</summary>
    public DecisionEngine(EngineStateStore states, RevocationView revocations, ILineageSource lineages)
    {
        _states = states;
        _revocations = revocations;
        _lineages = lineages;
    }

    /// <summary>Gives how many tokens were looked up with an outcome, since the start.</summary>
    public long LookupsWith(TokenLookup outcome) => _lookups.Read((int)outcome);

    /// <summary>Decides; never throws: what cannot be finished is denied with <see cref="ReasonCode.InternalError"/>.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="now">The instant of the question.</param>
    /// <param name="unexpected">Receives the exception of an answer that could not be finished.</param>
    /// <param name="trace">Receives how the answer came about; <see langword="null"/> for the quick answer, which is the same.</param>
    public Decision Decide(Question question, DateTimeOffset now, out Exception? unexpected, DecisionTrace? trace = null)
    {
        var state = _states.Current;
        unexpected = null;
        try
        {
            return DecideIn(state, question, now, trace);
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

    /// <summary>Lists what a token may use, as <see cref="Decide"/> would answer at this instant; never throws.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="now">The instant of the question.</param>
    /// <param name="unexpected">Receives the exception of an answer that could not be finished.</param>
    public Listing List(ListingQuestion question, DateTimeOffset now, out Exception? unexpected)
    {
        var state = _states.Current;
        unexpected = null;
        try
        {
            return ListIn(state, question, now);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            unexpected = exception;
            return new Listing { Reason = ReasonCode.InternalError, Message = "the answer could not be finished", Epoch = state.Epoch };
        }
    }

    /// <summary>Runs the checks of rows 2 to 4: is this token good here and now, and for whoever presents it?</summary>
    /// <param name="token">The token, with what is known of the caller.</param>
    /// <param name="now">The instant of the question.</param>
    public TokenVerification Examine(PresentedToken token, DateTimeOffset now) => Examine(_states.Current, token, null, now, null);

    /// <summary>As <see cref="Examine(PresentedToken, DateTimeOffset)"/>, for whoever asks about a token and acts by it in nothing: no proof of its holder is asked for.</summary>
    /// <param name="token">The token's text.</param>
    /// <param name="now">The instant of the question.</param>
    public TokenVerification Inspect(string? token, DateTimeOffset now) => ExamineText(_states.Current, token, null, now, null);

    private TokenVerification Examine(EngineState state, PresentedToken token, string? audience, DateTimeOffset now, DecisionTrace? trace)
    {
        var examined = ExamineText(state, token, audience, now, trace);
        if (examined.Token is not { } verified || examined.Reason != ReasonCode.Allowed)
        {
            return examined;
        }

        if (HolderCheck.Find(verified, token, now) is { } refusal)
        {
            trace?.Fail("holder", refusal.Reason, refusal.Message);
            return examined with { Reason = refusal.Reason, Message = refusal.Message };
        }

        TraceHolder(verified, trace);
        return examined;
    }

    private TokenVerification ExamineText(EngineState state, PresentedToken token, string? audience, DateTimeOffset now, DecisionTrace? trace)
    {
        var verification = TokenVerifier.Verify(token, state.Keys, _lineages, now);
        _lookups.Add((int)verification.Lookup);
        if (verification.Token is not { } verified)
        {
            trace?.Fail("token", verification.Reason, verification.Message);
            return verification;
        }

        trace?.Pass("token", $"signed with the key {verified.Key.Key.KeyId}, subject {verified.Claims.Subject}");
        if (ValidityCheck.Find(state, verified, audience, now) is { } refusal)
        {
            trace?.Fail("validity", refusal.Reason, refusal.Message);
            return verification with { Reason = refusal.Reason, Message = refusal.Message };
        }

        trace?.Pass("validity", "for an audience of this sidecar, within its time, with the scope hash of its claims");
        if (FindRevocation(verified, now) is { } revoked)
        {
            trace?.Fail("revocation", revoked.Reason, revoked.Message);
            return verification with { Reason = revoked.Reason, Message = revoked.Message };
        }

        trace?.Pass("revocation", "not revoked");
        return verification;
    }

    private Refusal? FindRevocation(VerifiedToken token, DateTimeOffset now)
    {
        if (_revocations.IsRevoked(token))
        {
            return new Refusal(ReasonCode.TokenRevoked, "the token, or one that it descends from, is revoked");
        }

        return _revocations.IsStaleAt(now)
            ? new Refusal(ReasonCode.RevocationViewStale, "what is revoked is not known well enough to go on")
            : null;
    }

    private Listing ListIn(EngineState state, ListingQuestion question, DateTimeOffset now)
    {
        var examined = Examine(state, question.Token, question.Audience, now, null);
        var draft = new Listing { Reason = examined.Reason, Message = examined.Message, Epoch = state.Epoch };
        if (examined.Token is not { } token || examined.Reason != ReasonCode.Allowed)
        {
            return draft;
        }

        if (PolicySelection.Choose(state, _revocations, token, question.About(""), now, out var chain, out var choiceEnd) is { } refusal)
        {
            return draft with { Reason = refusal.Reason, Message = refusal.Message };
        }

        return draft with
        {
            Allowed = new AllowedLister(token, chain?.Chain, question, now).List(),
            CacheableUntil = CacheableUntil(token, chain, choiceEnd, now),
        };
    }

    private Decision DecideIn(EngineState state, Question question, DateTimeOffset now, DecisionTrace? trace)
    {
        var examined = Examine(state, question.Token, question.Audience, now, trace);
        var draft = new Decision
        {
            Effect = Effect.Deny,
            Reason = examined.Reason,
            Message = examined.Message,
            Token = examined.Token,
            RevocationViewAge = _revocations.AgeAt(now),
            Epoch = state.Epoch,
        };

        if (examined.Token is not { } token || examined.Reason != ReasonCode.Allowed)
        {
            return draft;
        }

        var refusal = PolicySelection.Choose(state, _revocations, token, question, now, out var chain, out var choiceEnd);
        draft = draft with { SignedChain = chain };
        if (refusal is { } pin)
        {
            return Refuse(draft, "pin", pin, trace);
        }

        TracePin(chain, token, question, trace);
        return DecideAction(state, draft, token, question, chain, choiceEnd, now, trace);
    }

    private Decision DecideAction(EngineState state, Decision draft, VerifiedToken token, Question question, SignedChain? chain, DateTimeOffset? choiceEnd, DateTimeOffset now, DecisionTrace? trace)
    {
        if (ActionChecks.Read(question, out var asked) is { } unreadable)
        {
            return Refuse(draft, "question", unreadable, trace);
        }

        trace?.Pass("question", "the names are well formed");
        if (ActionChecks.CheckScope(token.Scope, asked) is { } outside)
        {
            return Refuse(draft, "scope", outside, trace);
        }

        trace?.Pass("scope", "the token grants the action");
        var policyQuestion = PolicyCheck.QuestionOf(token, question, asked, chain?.PolicyHash, now);
        var verdict = new PolicyVerdict();
        if (chain is null)
        {
            trace?.Skip("policy", "no policy is in force: the token's scope alone decides");
        }
        else
        {
            verdict = PolicyCheck.Judge(chain.Chain, policyQuestion, question, token, state, now, trace);
        }

        draft = draft with
        {
            StatementIds = verdict.StatementIds,
            Requirement = verdict.Requirement,
            Approval = verdict.Approval,
            OnGrounds = PolicyCheck.GroundsOf(token, question, chain?.PolicyHash, now) is not null,
            Shadow = trace is null ? ShadowCheck.Judge(state, _revocations, token, question, policyQuestion, now) : null,
        };
        if (verdict.Refusal is { } refusal)
        {
            return draft.RefusedBy(refusal);
        }

        return draft with
        {
            Effect = Effect.Allow,
            Reason = ReasonCode.Allowed,
            Message = "allowed",
            CacheableUntil = verdict.Approval is null ? CacheableUntil(token, chain, choiceEnd, now) : null,
        };
    }

    private static void TraceHolder(VerifiedToken token, DecisionTrace? trace)
    {
        if (token.Holder is null)
        {
            trace?.Skip("holder", "the token is bound to nobody: whoever has it may use it");
            return;
        }

        trace?.Pass("holder", token.Holder.UserId is null ? "the caller proved the key that the token is bound to" : "the caller is of the user that the token is bound to");
    }

    private static void TracePin(SignedChain? chain, VerifiedToken token, Question question, DecisionTrace? trace)
    {
        if (chain is null)
        {
            trace?.Skip("pin", "no policy is in force, and none is asked for");
            return;
        }

        var pin = token.Claims.PolicyHash is null ? "the token has no pin" : "the token is pinned to it";
        var asked = string.IsNullOrEmpty(question.PolicyHash) ? "the question names none" : "the question names it";
        trace?.Pass("pin", $"the policy {chain.PolicyHash} decides: {pin}, and {asked}");
    }

    private static Decision Refuse(in Decision draft, string check, in Refusal refusal, DecisionTrace? trace)
    {
        trace?.Fail(check, refusal.Reason, refusal.Message);
        return draft.RefusedBy(refusal);
    }

    // Whatever ends the answer by the clock alone ends its life in a cache; all else moves the epoch.
    private static DateTimeOffset CacheableUntil(VerifiedToken token, SignedChain? chain, DateTimeOffset? choiceEnd, DateTimeOffset now) =>
        Earlier(Earlier(token.ValidUntil, choiceEnd), chain?.Chain.NextChangeAfter(now));

    private static DateTimeOffset Earlier(DateTimeOffset end, DateTimeOffset? other) => other is { } earlier && earlier < end ? earlier : end;
}
