using ClawPdp.Bench.Histograms;
using ClawPdp.Bench.Loops;

namespace ClawPdp.Bench.Tests;

public sealed class LoopTests
{
    private const long Second = 1_000_000_000;
    private const double Rate = 1_000;

    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(1);

    private readonly SimulatedClock _clock = new();

    [Fact]
    public async Task OpenLoop_ServerStandsStillOnce_EveryCallThatHadToWaitIsLate()
    {
        var calls = new SimulatedCalls(_clock, static sequence => sequence == 5_000 ? Stall : Quick);

        var recorder = await RunOpenAsync(calls, count: 10_000);

        // The schedule has 1,000 calls in the second of the stall, and the backlog of each takes 0.1 ms: more than a tenth of all calls are late.
        var latency = Sum(recorder);
        Assert.Equal((10_000, 100_000), (latency.Count, Near(latency.AtShare(0.5))));
        Assert.InRange(latency.AtShare(0.9), 10_000_000, Second);
        Assert.InRange(latency.AtShare(0.99), 850_000_000, Second);
        Assert.Equal(Near(100_000), Near(recorder.Service.AtShare(0.999)));
    }

    [Fact]
    public async Task ClosedLoop_ServerStandsStillOnce_HidesIt()
    {
        var calls = new SimulatedCalls(_clock, static sequence => sequence == 5_000 ? Stall : Quick);
        var recorder = Recorder();

        await ClosedLoop.RunAsync(calls, 1, new LoopBounds(0, 10_000, 0, 100 * Second), recorder, _clock);

        Assert.Equal((10_000, Near(100_000)), (Sum(recorder).Count, Near(Sum(recorder).AtShare(0.999))));
        Assert.Equal(Second, Sum(recorder).MaxNanoseconds);
    }

    [Fact]
    public async Task OpenLoop_ServerIsSlowerThanTheRate_LatenessIsChargedToTheServerNotTheTool()
    {
        var calls = new SimulatedCalls(_clock, static _ => TimeSpan.FromMilliseconds(2));

        var recorder = await RunOpenAsync(calls, count: 1_000);

        Assert.InRange(Sum(recorder).MaxNanoseconds, Second - 2_000_000, Second + 2_000_000);
        Assert.Equal((0, 999), (recorder.Lateness.MaxNanoseconds, recorder.Waits));
    }

    [Fact]
    public async Task OpenLoop_ToolItselfIsLate_SaysSo()
    {
        var late = new LatePace(_clock, TimeSpan.FromMicroseconds(300));
        var recorder = Recorder();

        await new OpenLoop(new SimulatedCalls(_clock, static _ => Quick), 4, Rate, late, _clock).RunAsync(new LoopBounds(0, 100, 0, 100 * Second), recorder);

        Assert.Equal((Near(300_000), Near(400_000)), (Near(recorder.Lateness.AtShare(0.5)), Near(Sum(recorder).AtShare(0.5))));
        Assert.Equal(0, recorder.Waits);
    }

    [Fact]
    public async Task OpenLoop_TimeIsUp_BeginsNoFurtherCall()
    {
        var calls = new SimulatedCalls(_clock, static _ => Quick);

        await new OpenLoop(calls, 1, Rate, _clock, _clock).RunAsync(new LoopBounds(0, 1_000_000, 0, Second / 2), Recorder());

        Assert.Equal(500, calls.Count);
    }

    [Fact]
    public async Task Loops_BadAnswers_AreCountedByKindAndTimedNowhere()
    {
        var calls = new SimulatedCalls(_clock, static sequence => sequence % 4 == 0 ? Stall : Quick, static sequence => sequence % 4 == 0 ? "DENIED TOOL_NOT_ALLOWED" : null);
        var recorder = Recorder();

        await ClosedLoop.RunAsync(calls, 1, new LoopBounds(0, 100, 0, 100 * Second), recorder, _clock);

        Assert.Equal((75, 25, 25), (Sum(recorder).Count, recorder.ErrorCount, recorder.Errors["DENIED TOOL_NOT_ALLOWED"]));
        Assert.Equal(Near(100_000), Near(Sum(recorder).MaxNanoseconds));
    }

    [Fact]
    public void InstantOf_RateThatDoesNotDivideASecond_DoesNotDrift() =>
        Assert.Equal(3_600 * Second, OpenLoop.InstantOf(0, 3_600 * 7_777, Second / 7_777.0), 1_000.0);

    private async Task<Recorder> RunOpenAsync(SimulatedCalls calls, long count)
    {
        var recorder = Recorder();
        await new OpenLoop(calls, 1, Rate, _clock, _clock).RunAsync(new LoopBounds(0, count, 0, 100 * Second), recorder);
        return recorder;
    }

    private Recorder Recorder() => new(_clock, static (_, sequence) => (int)(sequence / 500));

    private static LatencyHistogram Sum(Recorder recorder)
    {
        var sum = new LatencyHistogram();
        foreach (var slice in recorder.Slices)
        {
            sum.Add(slice.Latency);
        }

        return sum;
    }

    // A bucket is 0.1 % wide.
    private static long Near(long nanoseconds) => (long)Math.Round(nanoseconds / 1_000.0) * 1_000;

    private sealed class LatePace(SimulatedClock clock, TimeSpan late) : IPace
    {
        public void WaitUntil(long timestamp) => clock.WaitUntil(timestamp + (long)late.TotalNanoseconds);
    }
}
