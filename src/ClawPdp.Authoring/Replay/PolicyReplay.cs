using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Core.Policies;
using ClawPdp.Engine.Decisions;

namespace ClawPdp.Authoring.Replay;

/// <summary>
/// Puts recorded questions to a candidate. It is asked what the policy in force was asked: an action that came as far as the policy, with
/// the hour, the agent, the approval and what the caller stated. A key that the policy in force did not look at was not recorded, and the
/// candidate finds it missing.
/// </summary>
public sealed class PolicyReplay
{
    /// <summary>The most actions that are named for a change.</summary>
    public const int ActionCountMax = 10;

    /// <summary>The most decisions that are named as not made again.</summary>
    public const int NotReproducedCountMax = 100;

    private readonly PolicyChain _candidate;
    private readonly Func<string, PolicyChain?> _findLive;
    private readonly Dictionary<(string Was, string Would, string Statements), Tally> _changes = [];
    private readonly List<string> _notReproduced = [];
    private int _read;
    private int _beforePolicy;
    private int _same;
    private int _reproduced;

    /// <summary>Initializes a new instance of the <see cref="PolicyReplay"/> class.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="findLive">Gives the policy of a hash, to see whether the record is enough to decide again; <see langword="null"/> for one that is not at hand.</param>
    public PolicyReplay(PolicyChain candidate, Func<string, PolicyChain?> findLive)
    {
        _candidate = candidate;
        _findLive = findLive;
    }

    /// <summary>Takes a decision in.</summary>
    public void Add(RecordedDecision decision)
    {
        _read++;
        if (!decision.IsForThePolicy || !decision.TryAsk(out var question))
        {
            _beforePolicy++;
            return;
        }

        Reproduce(decision, question);
        var (would, statementIds) = Judge(_candidate, question);
        if (IsSame(decision.ReasonCode, would))
        {
            _same++;
            return;
        }

        var key = (decision.ReasonCode, would, string.Join('\n', statementIds));
        if (!_changes.TryGetValue(key, out var tally))
        {
            tally = new Tally(decision.DecisionId, statementIds);
            _changes.Add(key, tally);
        }

        tally.Add(decision.Action);
    }

    /// <summary>Gives the report on what was taken in.</summary>
    public ReplayReport Report() => new()
    {
        ReadCount = _read,
        BeforePolicyCount = _beforePolicy,
        SameCount = _same,
        ReproducedCount = _reproduced,
        NotReproduced = [.. _notReproduced],
        Changes =
        [
            .. _changes.OrderByDescending(static change => change.Value.Count).ThenBy(static change => change.Key).Select(static change => new ReplayChange
            {
                Was = change.Key.Was,
                Would = change.Key.Would,
                StatementIds = change.Value.StatementIds,
                Count = change.Value.Count,
                Actions = change.Value.Actions(),
                DecisionId = change.Value.FirstDecisionId,
            }),
        ],
    };

    private static (string Reason, ImmutableArray<string> StatementIds) Judge(PolicyChain chain, in PolicyQuestion question)
    {
        var outcome = chain.Evaluate(question);
        if (!outcome.IsAllowed && chain.UsesApproval && !question.HasHumanApproval && chain.Evaluate(question with { HasHumanApproval = true }).IsAllowed)
        {
            return ("CAPABILITY_REQUIRES_APPROVAL", chain.StatementIdsOf(outcome));
        }

        return (ReasonCatalog.NameOf(PolicyReasons.Of(outcome.Failure)), chain.StatementIdsOf(outcome));
    }

    // An approval that came too late was still one that was needed.
    private static bool IsSame(string was, string would) =>
        string.Equals(was, would, StringComparison.Ordinal)
        || (was is "HUMAN_APPROVAL_EXPIRED" && would is "CAPABILITY_REQUIRES_APPROVAL");

    private void Reproduce(RecordedDecision decision, in PolicyQuestion question)
    {
        if (decision.PolicyHash.Length == 0 || _findLive(decision.PolicyHash) is not { } live)
        {
            return;
        }

        if (IsSame(decision.ReasonCode, Judge(live, question).Reason))
        {
            _reproduced++;
        }
        else if (_notReproduced.Count < NotReproducedCountMax)
        {
            _notReproduced.Add(decision.DecisionId);
        }
    }

    private sealed class Tally
    {
        private readonly Dictionary<string, int> _actions = new(StringComparer.Ordinal);

        public Tally(string firstDecisionId, ImmutableArray<string> statementIds)
        {
            FirstDecisionId = firstDecisionId;
            StatementIds = statementIds;
        }

        public string FirstDecisionId { get; }

        public ImmutableArray<string> StatementIds { get; }

        public int Count { get; private set; }

        public void Add(string action)
        {
            Count++;
            _actions[action] = _actions.GetValueOrDefault(action) + 1;
        }

        public ImmutableArray<(string Action, int Count)> Actions() =>
        [
            .. _actions.OrderByDescending(static action => action.Value).ThenBy(static action => action.Key, StringComparer.Ordinal)
                .Take(ActionCountMax).Select(static action => (action.Key, action.Value)),
        ];
    }
}
