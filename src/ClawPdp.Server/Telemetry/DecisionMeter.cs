using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Counters;
using ClawPdp.Engine.Decisions;
using ClawPdp.Engine.Tokens;
using ClawPdp.Server.Decisions;

namespace ClawPdp.Server.Telemetry;

/// <summary>Counts answers by door, effect and reason, and how long they took. One answer costs three additions in the processor's own stripe.</summary>
internal sealed class DecisionMeter : IMetricSource
{
    private const int EffectCount = 2;

    private static readonly ImmutableArray<string> Doors = ["authorize", "batch", "stream", "authzen", "envoy", "ext_mcp", "forward_auth"];
    private static readonly ImmutableArray<TokenLookup> Lookups = [.. Enum.GetValues<TokenLookup>()];

    private readonly StripedCounters _answers = new(Doors.Length * EffectCount * ReasonNumbers.Count);
    private readonly DurationHistogram _durations;
    private readonly DecisionEngine _engine;

    public DecisionMeter(DecisionEngine engine, TimeProvider time)
    {
        _engine = engine;
        _durations = new DurationHistogram("door", SeriesNames.Of([.. Doors]), time);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> Metrics =>
    [
        Metric.Counter("clawpdp.decisions", "{decision}", "Answers to questions, by the door, the effect and the reason", ReadAnswers, "door", "effect", "reason"),
        Metric.Histogram("clawpdp.decision.duration", "How long answers took, from the question as it was read to the answer, where it is waited for with its record on disk", _durations),
        Metric.Counter("clawpdp.token.lookups", "{token}", "Tokens that were looked at, by where they were found to be good: connection, cache, verified, or refused", ReadLookups, "outcome"),
    ];

    /// <summary>Gives the name of a door.</summary>
    public static string NameOf(DecisionDoor door) => Doors[(int)door];

    /// <summary>Counts an answer that took no time worth a word.</summary>
    public void Count(in Decision decision, DecisionDoor door) => _answers.Add(CellOf(door, decision.Effect == Effect.Allow, decision.Reason));

    /// <summary>Counts an answer and its time.</summary>
    /// <param name="decision">The answer.</param>
    /// <param name="door">The door of its question.</param>
    /// <param name="begin">The timestamp of its question.</param>
    /// <param name="trace">The trace of its question.</param>
    public void Count(in Decision decision, DecisionDoor door, long begin, in CallTrace trace)
    {
        Count(decision, door);
        _durations.RecordSince((int)door, begin, trace);
    }

    private static int CellOf(DecisionDoor door, bool isAllowed, ReasonCode reason) =>
        ((((int)door * EffectCount) + (isAllowed ? 1 : 0)) * ReasonNumbers.Count) + ReasonNumbers.NumberOf(reason);

    // What never was is left out, but for the allows, so that a share of them can be computed from the start.
    private IEnumerable<MetricPoint> ReadAnswers()
    {
        for (var cell = 0; cell < _answers.Count; cell++)
        {
            var reason = ReasonNumbers.CodeAt(cell % ReasonNumbers.Count);
            var row = cell / ReasonNumbers.Count;
            var isAllow = row % EffectCount == 1;
            var count = _answers.Read(cell);
            if (count > 0 || (isAllow && reason == ReasonCode.Allowed))
            {
                yield return new MetricPoint(count, [Doors[row / EffectCount], isAllow ? "allow" : "deny", ReasonCatalog.NameOf(reason)]);
            }
        }
    }

    private IEnumerable<MetricPoint> ReadLookups() =>
        Lookups.Select(outcome => MetricPoint.Of(_engine.LookupsWith(outcome), outcome.ToString().ToLowerInvariant()));
}
