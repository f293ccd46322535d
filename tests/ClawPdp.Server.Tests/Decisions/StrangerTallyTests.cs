using ClawPdp.Core.Decisions;
using ClawPdp.Server.Decisions;

namespace ClawPdp.Server.Tests.Decisions;

public sealed class StrangerTallyTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StrangerTally _tally = new();

    [Fact]
    public void Count_TheFirst_AreRecordedByThemselves()
    {
        Assert.All(Enumerable.Range(0, StrangerTally.SingleMax), _ => Assert.Null(_tally.Count(ReasonCode.TokenRequired, Start)));
        Assert.NotNull(_tally.Count(ReasonCode.TokenRequired, Start));
    }

    [Fact]
    public void Take_MoreThanThese_IsOneCountForEachReason()
    {
        Exhaust();
        string?[] ids = [.. Enumerable.Range(0, 5).Select(second => _tally.Count(ReasonCode.TokenRequired, Start.AddSeconds(second)))];
        var other = _tally.Count(ReasonCode.TokenMalformed, Start);

        var counts = _tally.Take();

        var record = StrangerTally.RecordOf(counts.Single(static count => count.Reason == ReasonCode.TokenRequired));
        Assert.Equal(2, counts.Length);
        Assert.All(ids, id => Assert.Equal(record.DecisionId, id));
        Assert.NotEqual(record.DecisionId, other);
        Assert.Equal((5L, Start, Start.AddSeconds(4), "DENY", "TOKEN_REQUIRED"), (record.QuestionCount, record.FirstDecidedAt, record.DecidedAt, record.Effect, record.ReasonCode));
        Assert.Empty(_tally.Take());
    }

    [Fact]
    public void Count_AfterAnInterval_OneMoreIsRecordedByItself()
    {
        Exhaust();

        Assert.NotNull(_tally.Count(ReasonCode.TokenRequired, Start + StrangerTally.Interval - TimeSpan.FromTicks(1)));
        Assert.Null(_tally.Count(ReasonCode.TokenRequired, Start + StrangerTally.Interval));
        Assert.NotNull(_tally.Count(ReasonCode.TokenRequired, Start + StrangerTally.Interval));
    }

    [Fact]
    public void Count_AfterALongQuiet_TheFirstAreRecordedByThemselvesAgain()
    {
        Exhaust();
        var later = Start + (StrangerTally.SingleMax * StrangerTally.Interval);

        Assert.All(Enumerable.Range(0, StrangerTally.SingleMax), _ => Assert.Null(_tally.Count(ReasonCode.TokenRequired, later)));
        Assert.NotNull(_tally.Count(ReasonCode.TokenRequired, later));
    }

    [Fact]
    public void PutBack_WhatWasNotRecorded_IsCountedWithTheNextUnderAnotherId()
    {
        Exhaust();
        _tally.Count(ReasonCode.TokenRequired, Start);
        _tally.Count(ReasonCode.TokenMalformed, Start);
        var taken = _tally.Take();
        _tally.Count(ReasonCode.TokenRequired, Start.AddSeconds(9));

        Assert.All(taken, _tally.PutBack);
        var counts = _tally.Take().ToDictionary(static count => count.Reason);

        Assert.Equal((2L, Start, Start.AddSeconds(9)), (counts[ReasonCode.TokenRequired].Count, counts[ReasonCode.TokenRequired].First, counts[ReasonCode.TokenRequired].Last));
        Assert.Equal(1, counts[ReasonCode.TokenMalformed].Count);
        Assert.DoesNotContain(counts.Values, count => taken.Any(earlier => earlier.DecisionId == count.DecisionId));
    }

    private void Exhaust()
    {
        for (var count = 0; count < StrangerTally.SingleMax; count++)
        {
            _tally.Count(ReasonCode.TokenRequired, Start);
        }
    }
}
