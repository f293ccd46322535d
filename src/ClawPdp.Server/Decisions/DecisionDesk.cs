using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.State;
using ClawPdp.Ledger;
using ClawPdp.Server.Health;
using ClawPdp.Server.Mappings;

namespace ClawPdp.Server.Decisions;

/// <summary>Decides, names the decision and hands it to the decision log, which never holds an answer up.</summary>
internal sealed class DecisionDesk
{
    private readonly DecisionEngine _engine;
    private readonly EngineStateStore _states;
    private readonly MappingStore _mappings;
    private readonly LedgerStore _ledger;
    private readonly FailureCounter _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<DecisionDesk> _logger;

    public DecisionDesk(
        DecisionEngine engine,
        EngineStateStore states,
        MappingStore mappings,
        LedgerStore ledger,
        FailureCounter failures,
        TimeProvider time,
        ILogger<DecisionDesk> logger)
    {
        _engine = engine;
        _states = states;
        _mappings = mappings;
        _ledger = ledger;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <summary>Decides and records.</summary>
    public RecordedDecision Decide(AskedAction asked)
    {
        var now = _time.GetUtcNow();
        var decision = _engine.Decide(asked.Question, now, out var unexpected);
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }

        return Record(decision, asked, now);
    }

    /// <summary>Denies what is no question, and records that.</summary>
    public RecordedDecision Refuse(string message)
    {
        var decision = new Decision
        {
            Effect = Effect.Deny,
            Reason = ReasonCode.RequestInvalid,
            Message = message,
            Epoch = _states.Current.Epoch,
        };
        return Record(decision, new AskedAction { Question = new Question { Token = null } }, _time.GetUtcNow());
    }

    private RecordedDecision Record(Decision decision, AskedAction asked, DateTimeOffset now)
    {
        var decisionId = "dec_" + Guid.CreateVersion7(now).ToString("N");
        _ = _ledger.TryEnqueueDecision(new DecisionRecord
        {
            DecisionId = decisionId,
            DecidedAt = now,
            Effect = decision.Effect == Effect.Allow ? "ALLOW" : "DENY",
            ReasonCode = ReasonCatalog.NameOf(decision.Reason),
            TokenHash = decision.Token?.TokenHash,
            TokenScopeHash = decision.Token?.Claims.TokenScopeHash,
            Tool = asked.Question.Tool,
            Model = asked.Question.Model,
            Host = asked.Question.Host,
            PolicyHash = decision.Policy?.PolicyHash,
            RunId = asked.RunId,
            EventHash = asked.EventHash,
            ArgumentsHash = asked.ArgumentsHash,
            Mode = "asynchronous",
        });
        return new RecordedDecision(decision, decisionId, now, _mappings.LabelOf(decision.Policy?.PolicyHash));
    }
}
