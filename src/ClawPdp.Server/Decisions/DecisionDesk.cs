using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Mappings;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Decisions;

/// <summary>
/// Decides, names the decision and records it. In the durable mode the answer leaves after its record is on disk, and what cannot be
/// recorded is denied; in the asynchronous mode the record follows, and one that is lost is counted.
/// </summary>
internal sealed class DecisionDesk
{
    private readonly ServerSettings _settings;
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly MappingStore _mappings;
    private readonly LedgerStore _ledger;
    private readonly FailureCounter _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<DecisionDesk> _logger;

    public DecisionDesk(
        ServerSettings settings,
        DecisionEngine engine,
        EngineStateStore states,
        MappingStore mappings,
        LedgerStore ledger,
        FailureCounter failures,
        TimeProvider time,
        ILogger<DecisionDesk> logger)
    {
        _settings = settings;
        _engine = engine;
        _states = states;
        _mappings = mappings;
        _ledger = ledger;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <summary>Decides and records.</summary>
    public ValueTask<RecordedDecision> DecideAsync(AskedAction asked)
    {
        var now = _time.GetUtcNow();
        var decision = _engine.Decide(asked.Question, now, out var unexpected);
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }

        return RecordAsync(decision, asked, now);
    }

    /// <summary>Denies what is no question, and records that.</summary>
    public ValueTask<RecordedDecision> RefuseAsync(string message) =>
        RecordAsync(Deny(ReasonCode.RequestInvalid, message, _states.Current.Epoch), new AskedAction { Question = new Question { Token = null } }, _time.GetUtcNow());

    private static Decision Deny(ReasonCode reason, string message, long epoch) =>
        new() { Effect = Effect.Deny, Reason = reason, Message = message, Epoch = epoch };

    private static DecisionRecord RecordOf(Decision decision, AskedAction asked, string decisionId, string mode, DateTimeOffset now) => new()
    {
        DecisionId = decisionId,
        DecidedAt = now,
        Effect = decision.Effect == Effect.Allow ? "ALLOW" : "DENY",
        ReasonCode = ReasonCatalog.NameOf(decision.Reason),
        TokenHash = decision.Token?.TokenHash,
        TokenScopeHash = decision.Token?.Claims.TokenScopeHash,
        Tool = asked.Question.Tool,
        Model = asked.Question.Model,
        Provider = asked.Question.Provider,
        Host = asked.Question.Host,
        PolicyHash = decision.Policy?.PolicyHash,
        RunId = asked.Question.RunId,
        EventHash = asked.EventHash,
        ArgumentsHash = asked.Question.ArgumentsHash,
        AgentDid = decision.Token?.Claims.Subject,
        Mode = mode,
    };

    private ValueTask<RecordedDecision> RecordAsync(Decision decision, AskedAction asked, DateTimeOffset now)
    {
        var decisionId = "dec_" + Guid.CreateVersion7(now).ToString("N");
        var recorded = new RecordedDecision(decision, decisionId, now, _mappings.LabelOf(decision.Policy?.PolicyHash));
        if (_settings.DecisionLog == DecisionLogMode.Durable)
        {
            return RecordDurablyAsync(recorded, RecordOf(decision, asked, decisionId, "durable", now));
        }

        _ = _ledger.TryEnqueueDecision(RecordOf(decision, asked, decisionId, "asynchronous", now));
        return ValueTask.FromResult(recorded);
    }

    private async ValueTask<RecordedDecision> RecordDurablyAsync(RecordedDecision recorded, DecisionRecord record)
    {
        try
        {
            // An asker who goes away does not unmake the decision: it is recorded all the same.
            await _ledger.AppendDecisionAsync(record, CancellationToken.None);
            return recorded;
        }
        catch (Exception exception) when (exception is LedgerException or ArgumentException)
        {
            var reason = exception is ArgumentException ? ReasonCode.RequestInvalid : ReasonCode.LedgerUnavailable;
            Log.LedgerFailed(_logger, nameof(DecideAsync), exception is LedgerException ledger ? ledger.Fault.ToString() : "record too long");
            return recorded with { Decision = Deny(reason, "the decision could not be recorded", recorded.Decision.Epoch) };
        }
    }
}
