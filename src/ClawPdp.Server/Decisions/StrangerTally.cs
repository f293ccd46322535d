using System.Collections.Immutable;
using ClawPdp.Core.Decisions;
using ClawPdp.Ledger;
using ClawPdp.Server.Settings;

namespace ClawPdp.Server.Decisions;

/// <summary>
/// Bounds what strangers, who show no token that verifies, make the ledger grow: so many of their questions are recorded one by one, and
/// the others are counted by their reason and recorded together. The bound is one for all, as whoever asks over loopback can be a new peer
/// with each connection. Safe for concurrent use.
/// </summary>
internal sealed class StrangerTally
{
    /// <summary>How many questions are recorded one by one after a time of quiet.</summary>
    public const int SingleMax = 1000;

    /// <summary>The time in which one more may be recorded by itself, and how often what was counted is recorded.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ReasonCode, StrangerCount> _counts = [];
    private int _singlesLeft = SingleMax;
    private DateTimeOffset _refilledAt = DateTimeOffset.MinValue;

    /// <summary>Makes the record of what was counted.</summary>
    public static DecisionRecord RecordOf(StrangerCount count) => new()
    {
        DecisionId = count.DecisionId,
        DecidedAt = count.Last,
        FirstDecidedAt = count.First,
        QuestionCount = count.Count,
        Effect = "DENY",
        ReasonCode = ReasonCatalog.NameOf(count.Reason),
        Mode = DecisionRecords.TextOf(DecisionLogMode.Asynchronous),
    };

    /// <summary>Counts a question, unless it is to be recorded by itself.</summary>
    /// <param name="reason">Why it was denied.</param>
    /// <param name="now">When it was decided.</param>
    /// <returns>The id of the record that it goes into; <see langword="null"/> when it is to be recorded by itself.</returns>
    public string? Count(ReasonCode reason, DateTimeOffset now)
    {
        lock (_lock)
        {
            Refill(now);
            if (_singlesLeft > 0)
            {
                _singlesLeft--;
                return null;
            }

            var count = _counts.TryGetValue(reason, out var counted)
                ? counted with { Last = now, Count = counted.Count + 1 }
                : new StrangerCount(reason, DecisionRecords.NewId(now), now, now, 1);
            _counts[reason] = count;
            return count.DecisionId;
        }
    }

    /// <summary>Takes what was counted, to be recorded.</summary>
    public ImmutableArray<StrangerCount> Take()
    {
        lock (_lock)
        {
            ImmutableArray<StrangerCount> taken = [.. _counts.Values];
            _counts.Clear();
            return taken;
        }
    }

    /// <summary>Puts back what could not be recorded; under another id, as nobody knows whether the record reached the disk.</summary>
    public void PutBack(StrangerCount count)
    {
        lock (_lock)
        {
            _counts[count.Reason] = _counts.TryGetValue(count.Reason, out var since)
                ? since with { First = count.First, Count = since.Count + count.Count }
                : count with { DecisionId = DecisionRecords.NewId(count.Last) };
        }
    }

    private void Refill(DateTimeOffset now)
    {
        var due = (now - _refilledAt).Ticks / Interval.Ticks;
        if (due >= SingleMax - _singlesLeft)
        {
            (_singlesLeft, _refilledAt) = (SingleMax, now);
        }
        else if (due > 0)
        {
            _singlesLeft += (int)due;
            _refilledAt += due * Interval;
        }
    }
}
