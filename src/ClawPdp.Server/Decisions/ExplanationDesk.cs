using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Listings;
using ClawPdp.Server.Health;
using ClawPdp.Server.Mappings;

namespace ClawPdp.Server.Decisions;

/// <summary>Says how an answer comes about, and what a token may use. Asks the engine that decides, and leaves no trace of its own.</summary>
internal sealed class ExplanationDesk
{
    private readonly DecisionEngine _engine;
    private readonly MappingStore _mappings;
    private readonly FailureCounter _failures;
    private readonly TimeProvider _time;
    private readonly ILogger<ExplanationDesk> _logger;

    public ExplanationDesk(DecisionEngine engine, MappingStore mappings, FailureCounter failures, TimeProvider time, ILogger<ExplanationDesk> logger)
    {
        _engine = engine;
        _mappings = mappings;
        _failures = failures;
        _time = time;
        _logger = logger;
    }

    /// <summary>Decides without recording: the answer has no id, and an approval is not used up.</summary>
    /// <param name="question">The question.</param>
    /// <param name="trace">Receives how the answer came about.</param>
    public RecordedDecision Explain(Question question, DecisionTrace trace)
    {
        var now = _time.GetUtcNow();
        var decision = _engine.Decide(question, now, out var unexpected, trace);
        Count(unexpected);
        return new RecordedDecision(decision, "", now, _mappings.LabelOf(decision.Policy?.PolicyHash), Log: null);
    }

    /// <summary>Lists what a token may use.</summary>
    public Listing List(ListingQuestion question)
    {
        var listing = _engine.List(question, _time.GetUtcNow(), out var unexpected);
        Count(unexpected);
        return listing;
    }

    private void Count(Exception? unexpected)
    {
        if (unexpected is not null)
        {
            _failures.Add();
            Log.DecisionFailed(_logger, unexpected);
        }
    }
}
