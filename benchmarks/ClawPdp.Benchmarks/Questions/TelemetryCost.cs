using BenchmarkDotNet.Attributes;
using ClawPdp.Benchmarks.Rigs;
using ClawPdp.Core.Decisions;
using ClawPdp.Engine.Counters;
using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Decisions;
using ClawPdp.Server.Telemetry;
using ClawPdp.Server.Time;

namespace ClawPdp.Benchmarks.Questions;

/// <summary>
/// What does a decision pay for being counted and timed, beside the decision itself: by one thread, and by two that count at the same time? Counters that
/// all processors share, and counters that each thread has for itself, stand beside the stripes that are shipped.
/// </summary>
public class TelemetryCost
{
    private const int Rounds = 100_000;
    private const int Cells = 4;

    private readonly StripedCounters _striped = new(Cells);
    private readonly long[] _shared = new long[Cells];
    private readonly ThreadLocal<long[]> _own = new(static () => new long[Cells + 16]);
    private readonly SteadyTime _time = new(TimeProvider.System);
    private EngineRig _rig = new(4);
    private Question _question = new() { Token = "" };
    private Decision _decision;
    private DecisionMeter? _meter;

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _rig.Dispose();
        _rig = new EngineRig(4);
        _question = EngineRig.QuestionOf(_rig.Sign(4));
        _rig.Require(_question, Effect.Allow);
        _decision = _rig.Decide(_question);
        var meter = new DecisionMeter(_rig.Engine, _time);
        meter.Count(_decision, DecisionDoor.Authorize, _time.GetTimestamp(), default);
        _meter = meter.Metrics.First().Read().Sum(static point => point.Value) is 1 ? meter : throw new InvalidOperationException("the answer was not counted");
    }

    [GlobalCleanup]
    public void End()
    {
        _rig.Dispose();
        _own.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Rounds)]
    public void Decide() => Run(() => _rig.Decide(_question));

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void TwoLooksAtTheClock() => Run(() => _time.GetElapsedTime(_time.GetTimestamp()));

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void CountAndTime() => Run(() => _meter?.Count(_decision, DecisionDoor.Authorize, _time.GetTimestamp(), default));

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void FourAdditionsInStripes() => Run(() =>
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            _striped.Add(cell);
        }
    });

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void FourAdditionsInOneArray() => Run(() =>
    {
        for (var cell = 0; cell < Cells; cell++)
        {
            Interlocked.Increment(ref _shared[cell]);
        }
    });

    [Benchmark(OperationsPerInvoke = Rounds)]
    public void FourAdditionsOfTheThreadsOwn() => Run(() =>
    {
        var own = _own.Value ?? [];
        for (var cell = 0; cell < Cells; cell++)
        {
            own[cell + 8]++;
        }
    });

    // Each thread does all the rounds, so that what is told is the time of one operation of one thread.
    private void Run(Action once)
    {
        var others = Enumerable.Range(1, Threads - 1).Select(_ => Task.Factory.StartNew(() => Repeat(once), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Repeat(once);
        Task.WaitAll(others);
    }

    private static void Repeat(Action once)
    {
        for (var round = 0; round < Rounds; round++)
        {
            once();
        }
    }
}
