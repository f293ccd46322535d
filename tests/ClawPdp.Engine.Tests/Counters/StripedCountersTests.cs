using ClawPdp.Engine.Counters;

namespace ClawPdp.Engine.Tests.Counters;

public sealed class StripedCountersTests
{
    [Fact]
    public async Task Add_ManyThreadsAtOnce_LosesNothing()
    {
        const int Threads = 8;
        const int Rounds = 20_000;
        var counters = new StripedCounters(3);

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                counters.Add(0);
                counters.Add(2, 5);
            }
        })));

        Assert.Equal([Threads * Rounds, 0, 5L * Threads * Rounds], Enumerable.Range(0, counters.Count).Select(counters.Read));
    }

    [Fact]
    public void Add_LastOfEachCount_TouchesNoOther()
    {
        for (var count = 1; count < 50; count++)
        {
            var counters = new StripedCounters(count);

            counters.Add(count - 1, 7);

            Assert.Equal(7, Enumerable.Range(0, count).Sum(counters.Read));
            Assert.Equal(7, counters.Read(count - 1));
        }
    }
}
