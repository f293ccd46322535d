using ClawPdp.Bench.Calls;
using ClawPdp.Bench.Loops;
using ClawPdp.Bench.Plans;
using ClawPdp.Bench.Results;

namespace ClawPdp.Bench;

/// <summary>Runs a plan: warm-up, then the measured part.</summary>
public sealed class BenchRun
{
    private readonly BenchPlan _plan;
    private readonly TimeProvider _time;

    private BenchRun(BenchPlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
    }

    /// <summary>Asks a sidecar.</summary>
    /// <param name="plan">The plan, of any kind but raw.</param>
    /// <param name="tokens">As many tokens as the plan says.</param>
    /// <param name="version">The tool's version, for the report.</param>
    /// <param name="time">The clock.</param>
    /// <param name="holder">Who holds the key that the tokens are bound to, where the plan has proofs; otherwise <see langword="null"/>.</param>
    /// <returns>What the run came to: with errors where calls were not answered as they should.</returns>
    public static async Task<RunReport> AskAsync(BenchPlan plan, IReadOnlyList<string> tokens, string version, TimeProvider time, BenchHolder? holder = null)
    {
        if (tokens.Count != plan.Options.TokenCount)
        {
            throw new ArgumentException("the plan has another number of tokens", nameof(tokens));
        }

        if (plan.Options.IsProven != holder is not null)
        {
            throw new ArgumentException("the plan has proofs and nobody who makes them, or the other way round", nameof(holder));
        }

        await using var calls = CallsOf(plan, tokens, holder);
        return await new BenchRun(plan, time).RunAsync(calls, "", version).ConfigureAwait(false);
    }

    /// <summary>Calls any unary method.</summary>
    /// <param name="plan">A raw plan.</param>
    /// <param name="request">What is sent, and what must come back.</param>
    /// <param name="version">The tool's version, for the report.</param>
    /// <param name="time">The clock.</param>
    public static async Task<RunReport> CallAsync(BenchPlan plan, RawRequest request, string version, TimeProvider time)
    {
        await using var calls = new RawCalls(plan, request);
        return await new BenchRun(plan, time).RunAsync(calls, request.Method, version).ConfigureAwait(false);
    }

    private static ICalls CallsOf(BenchPlan plan, IReadOnlyList<string> tokens, BenchHolder? holder)
    {
        CallProofs? ProofsFor(string method) => holder is null ? null : new CallProofs(holder, tokens, new Uri(plan.Target.Address, method));
        return plan.Options.Call switch
        {
            CallKind.Authorize => new AuthorizeCalls(plan, new Wire.QuestionFrames(tokens, plan), ProofsFor(CallMethods.Authorize)),
            CallKind.Batch => new BatchCalls(plan, new Wire.QuestionFrames(tokens, plan), ProofsFor(CallMethods.AuthorizeBatch)),
            CallKind.Stream => new StreamCalls(plan, new Wire.QuestionFrames(tokens, plan), ProofsFor(CallMethods.AuthorizeStream)),
            CallKind.Receipt => new ReceiptCalls(plan, new Wire.ReceiptFrames(tokens, plan.Options.Allowed, "bench-" + Guid.CreateVersion7().ToString("N")), ProofsFor(CallMethods.SignReceipt)),
            _ => throw new ArgumentOutOfRangeException(nameof(plan)),
        };
    }

    private async Task<RunReport> RunAsync(ICalls calls, string method, string version)
    {
        await calls.OpenAsync().ConfigureAwait(false);
        var warmUp = new Recorder(_time, static (_, _) => 0);
        if (_plan.Options.WarmUpSeconds > 0)
        {
            await LoopAsync(calls, warmUp, TokenOrder.WarmUpFirst, BenchLimits.CountMax, _plan.Options.WarmUpSeconds, _time.GetTimestamp()).ConfigureAwait(false);
        }

        // What the warm-up left behind is collected before, not in, the measured part.
        GC.Collect();
        var startedAt = _time.GetUtcNow();
        var start = _time.GetTimestamp();
        var measured = new Recorder(_time, SliceRule(start));
        var cpu = Environment.CpuUsage.TotalTime;
        var collections = GC.CollectionCount(0);
        await LoopAsync(calls, measured, 0, _plan.Count, _plan.Seconds, start).ConfigureAwait(false);
        var tool = (Cpu: Environment.CpuUsage.TotalTime - cpu, Collections: GC.CollectionCount(0) - collections);
        return new ReportBuilder(_plan, measured, warmUp, start, _time).Build(method, version, startedAt, tool.Cpu, tool.Collections);
    }

    // Parts of time where the length is known, and of the count where that is what ends the run.
    private Func<CallTimes, long, int> SliceRule(long start)
    {
        var seconds = _plan.Options.Rate is { } rate ? Math.Min(_plan.Seconds, _plan.Count / rate) : _plan.Seconds;
        var perSlice = seconds * _time.TimestampFrequency / BenchLimits.SliceCount;
        var isByCount = _plan.Options.Rate is null && _plan.Count < BenchLimits.CountMax;
        var count = _plan.Count;
        return isByCount
            ? (_, sequence) => (int)(sequence * BenchLimits.SliceCount / count)
            : (times, _) => (int)Math.Min((times.Intended - start) / perSlice, BenchLimits.SliceCount);
    }

    private Task LoopAsync(ICalls calls, Recorder recorder, long first, long count, double seconds, long start)
    {
        var bounds = new LoopBounds(first, count, start, start + (long)(seconds * _time.TimestampFrequency));
        return _plan.Options.Rate is { } rate
            ? new OpenLoop(calls, _plan.Slots, rate, new PrecisePace(rate), _time).RunAsync(bounds, recorder)
            : ClosedLoop.RunAsync(calls, _plan.Slots, bounds, recorder, _time);
    }
}
