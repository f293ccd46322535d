using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Approvals;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Policies.Shadows;
using ClawPdp.Server.Settings;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Decisions;

/// <summary>
/// Decides, names the decision and records it. In the durable mode the answer leaves after its record is on disk, and what cannot be
/// recorded is denied; in the asynchronous mode the record follows, and one that is lost is counted. An allow that rests on a human's
/// approval is durable in both, as the approval counts once.
/// </summary>
internal sealed class DecisionDesk
{
    private readonly ServerSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly MappingStore _mappings;
    private readonly LedgerStore _ledger;
    private readonly ShadowDesk _shadows;
    private readonly StrangerTally _strangers;
    private readonly FailureCounter _failures;
    private readonly LedgerFailureLog _ledgerFailures;
    private readonly DecisionMeter _meter;
    private readonly CallSpans _spans;
    private readonly TimeProvider _time;
    private readonly ILogger<DecisionDesk> _logger;

    public DecisionDesk(
        ServerSettings settings,
        DecisionEngine engine,
        EngineStateStore states,
        MappingStore mappings,
        LedgerStore ledger,
        ShadowDesk shadows,
        StrangerTally strangers,
        FailureCounter failures,
        LedgerFailureLog ledgerFailures,
        DecisionMeter meter,
        CallSpans spans,
        TimeProvider time,
        ILogger<DecisionDesk> logger)
    {
        _settings = settings;
        _engine = engine;
        _states = states;
        _mappings = mappings;
        _ledger = ledger;
        _shadows = shadows;
        _strangers = strangers;
        _failures = failures;
        _ledgerFailures = ledgerFailures;
        _meter = meter;
        _spans = spans;
        _time = time;
        _logger = logger;
    }

    /// <summary>Gets a value indicating whether every answer waits for its record.</summary>
    public bool IsDurable => _settings.DecisionLog == DecisionLogMode.Durable;

    /// <summary>Decides and records.</summary>
    public ValueTask<RecordedDecision> DecideAsync(AskedAction asked)
    {
        var begin = _time.GetTimestamp();
        if (_spans.AreHeard)
        {
            return DecideInSpanAsync(asked, begin);
        }

        var answer = AnswerAsync(asked);
        return answer.IsCompletedSuccessfully ? ValueTask.FromResult(Tell(answer.Result, asked, begin)) : TellAsync(answer, asked, begin);
    }

    /// <summary>Decides and records in the asynchronous mode, where nothing is waited for.</summary>
    /// <param name="asked">A question without approvals, so that no answer rests on one.</param>
    public RecordedDecision DecideAtOnce(in AskedAction asked)
    {
        var begin = _time.GetTimestamp();
        using var span = _spans.BeginDecision(asked);
        var now = _time.GetUtcNow();
        var recorded = Tell(RecordAtOnce(Decide(asked.Question, now), asked, now), asked, begin);
        CallSpans.Tell(span, recorded);
        return recorded;
    }

    /// <summary>Denies what is no question, and records that.</summary>
    public ValueTask<RecordedDecision> RefuseAsync(string message, Asker asker)
    {
        var begin = _time.GetTimestamp();
        var asked = new AskedAction { Question = new Question { Token = default }, Door = asker.Door, Trace = asker.Trace };
        return TellAsync(RecordAsync(Deny(ReasonCode.RequestInvalid, message, _states.Current.Epoch), asked, _time.GetUtcNow()), asked, begin);
    }

    /// <summary>Denies and records nothing: where there is no room, the record would take it.</summary>
    public RecordedDecision RefuseUnrecorded(ReasonCode reason, string message, Asker asker)
    {
        var decision = Deny(reason, message, _states.Current.Epoch);
        _meter.Count(decision, asker.Door);
        return new RecordedDecision(decision, "", _time.GetUtcNow(), "", Log: null);
    }

    private static Decision Deny(ReasonCode reason, string message, long epoch) =>
        new() { Effect = Effect.Deny, Reason = reason, Message = message, Epoch = epoch };

    // INVARIANT: the engine gives the envelope back as it was given, so this takes one away.
    private static Question Without(Question question, VerifiedApproval approval) =>
        question with { Approvals = [.. question.Approvals.Where(given => !given.Equals(approval.EnvelopeJson))] };

    private static Decision SayUsed(Decision decision) => decision.Reason == ReasonCode.CapabilityRequiresApproval
        ? decision with { Message = "the approval was used before: it counts once, and a human must approve the action again" }
        : decision;

    private ValueTask<RecordedDecision> AnswerAsync(AskedAction asked)
    {
        var now = _time.GetUtcNow();
        var decision = Decide(asked.Question, now);
        return decision.Approval is null ? RecordAsync(decision, asked, now) : UseApprovalAsync(decision, asked, now);
    }

    private async ValueTask<RecordedDecision> DecideInSpanAsync(AskedAction asked, long begin)
    {
        using var span = _spans.BeginDecision(asked);
        var recorded = await TellAsync(AnswerAsync(asked), asked, begin);
        CallSpans.Tell(span, recorded);
        return recorded;
    }

    private async ValueTask<RecordedDecision> TellAsync(ValueTask<RecordedDecision> answer, AskedAction asked, long begin) =>
        Tell(await answer, asked, begin);

    private RecordedDecision Tell(in RecordedDecision recorded, in AskedAction asked, long begin)
    {
        _meter.Count(recorded.Decision, asked.Door, begin, asked.Trace);
        return recorded;
    }

    private Decision Decide(Question question, DateTimeOffset now)
    {
        var decision = _engine.Decide(question, now, out var unexpected);
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }

        return decision;
    }

    private ValueTask<RecordedDecision> RecordAsync(Decision decision, AskedAction asked, DateTimeOffset now)
    {
        if (!IsDurable)
        {
            return ValueTask.FromResult(RecordAtOnce(decision, asked, now));
        }

        return TryCount(decision, now, out var counted)
            ? ValueTask.FromResult(counted)
            : RecordDurablyAsync(decision, RecordOf(decision, asked, DecisionLogMode.Durable, now));
    }

    private RecordedDecision RecordAtOnce(in Decision decision, in AskedAction asked, DateTimeOffset now)
    {
        if (TryCount(decision, now, out var counted))
        {
            return counted;
        }

        var record = RecordOf(decision, asked, DecisionLogMode.Asynchronous, now);
        return Answer(decision, record, _ledger.TryEnqueueDecision(record) ? DecisionLogMode.Asynchronous : null);
    }

    // Who shows no token that verifies must not be able to fill the disk; such a question is denied in any case, so no allow rests on it.
    private bool TryCount(in Decision decision, DateTimeOffset now, out RecordedDecision counted)
    {
        var isStranger = decision.HeldToken is null && decision.Reason is not (ReasonCode.InternalError or ReasonCode.LedgerUnavailable);
        var decisionId = isStranger ? _strangers.Count(decision.Reason, now) : null;
        counted = decisionId is null ? default : new RecordedDecision(decision, decisionId, now, "", DecisionLogMode.Asynchronous);
        return decisionId is not null;
    }

    private async ValueTask<RecordedDecision> RecordDurablyAsync(Decision decision, DecisionRecord record)
    {
        try
        {
            // An asker who goes away does not unmake the decision: it is recorded all the same.
            await _ledger.AppendDecisionAsync(record, CancellationToken.None);
            return Answer(decision, record, DecisionLogMode.Durable);
        }
        catch (Exception exception) when (exception is LedgerException or ArgumentException)
        {
            // Under another id, as nobody knows whether the record reached the disk.
            return Answer(DenyUnrecorded(exception, decision.Epoch), record with { DecisionId = DecisionRecords.NewId(record.DecidedAt) }, log: null);
        }
    }

    private async ValueTask<RecordedDecision> UseApprovalAsync(Decision decision, AskedAction asked, DateTimeOffset now)
    {
        // One that was used is put aside, as another one may be given beside it; each turn has one less.
        for (var isUsed = false; ; isUsed = true)
        {
            if (decision.Approval is not { } approval)
            {
                return await RecordAsync(isUsed ? SayUsed(decision) : decision, asked, now);
            }

            var record = RecordOf(decision, asked, DecisionLogMode.Durable, now);
            try
            {
                var status = await _ledger.AppendDecisionAsync(record, DecisionRecords.DocumentOf(approval, now), CancellationToken.None);
                if (status == AppendStatus.Appended)
                {
                    return Answer(decision, record, DecisionLogMode.Durable);
                }
            }
            catch (Exception exception) when (exception is LedgerException or ArgumentException)
            {
                // Under another id, as nobody knows whether the first record reached the disk.
                return await RecordAsync(DenyUnrecorded(exception, decision.Epoch), asked, now);
            }

            asked = asked with { Question = Without(asked.Question, approval) };

            // The candidate was counted with the first turn.
            decision = Decide(asked.Question, now) with { Shadow = null };
        }
    }

    private DecisionRecord RecordOf(Decision decision, AskedAction asked, DecisionLogMode mode, DateTimeOffset now)
    {
        var decisionId = DecisionRecords.NewId(now);
        return DecisionRecords.Of(decision, asked, decisionId, _shadows.Count(decision, decisionId), mode, now);
    }

    private Decision DenyUnrecorded(Exception exception, long epoch)
    {
        _ledgerFailures.Tell(nameof(DecideAsync), exception is LedgerException ledger ? ledger.Fault.ToString() : "record too long");
        return Deny(exception is ArgumentException ? ReasonCode.RequestInvalid : ReasonCode.LedgerUnavailable, "the decision could not be recorded", epoch);
    }

    private RecordedDecision Answer(Decision decision, DecisionRecord record, DecisionLogMode? log) =>
        new(decision, record.DecisionId, record.DecidedAt, _mappings.LabelOf(decision.Policy?.PolicyHash), log);
}
