using System.Collections.Concurrent;
using ClawPdp.Bench.Calls;
using ClawPdp.Bench.Histograms;
using ClawPdp.Bench.Plans;

namespace ClawPdp.Bench.Loops;

/// <summary>Takes every call's times and outcome. A call that ended badly is counted by its kind, and its time is kept nowhere.</summary>
internal sealed class Recorder
{
    private const int KindsMax = 64;
    private const string OtherKind = "OTHER";

    private readonly ConcurrentDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly double _nanosecondsPerTick;
    private readonly Func<CallTimes, long, int> _sliceOf;
    private long _errorCount;
    private long _sentBytes;
    private long _readBytes;
    private long _waits;
    private long _lastDone;

    /// <summary>Makes a recorder.</summary>
    /// <param name="time">The clock whose timestamps it is given.</param>
    /// <param name="sliceOf">Gives the part of the run that a call with a number belongs to.</param>
    public Recorder(TimeProvider time, Func<CallTimes, long, int> sliceOf)
    {
        _nanosecondsPerTick = 1e9 / time.TimestampFrequency;
        _sliceOf = sliceOf;
    }

    public Slice[] Slices { get; } = [.. Enumerable.Range(0, BenchLimits.SliceCount).Select(static _ => new Slice())];

    /// <summary>Gets the times from the sending on, without what a call waited for before.</summary>
    public LatencyHistogram Service { get; } = new();

    /// <summary>Gets how much of these times the proofs of calls took.</summary>
    public LatencyHistogram Proving { get; } = new();

    /// <summary>Gets how late the tool itself sent.</summary>
    public LatencyHistogram Lateness { get; } = new();

    public IReadOnlyDictionary<string, long> Errors => _errors;

    public long ErrorCount => Volatile.Read(ref _errorCount);

    public long SentBytes => Volatile.Read(ref _sentBytes);

    public long ReadBytes => Volatile.Read(ref _readBytes);

    /// <summary>Gets how many calls found every caller busy when they were to start.</summary>
    public long Waits => Volatile.Read(ref _waits);

    /// <summary>Gets when the last call ended.</summary>
    public long LastDone => Volatile.Read(ref _lastDone);

    public void Record(CallTimes times, long sequence, CallOutcome outcome)
    {
        var slice = Slices[Math.Clamp(_sliceOf(times, sequence), 0, Slices.Length - 1)];
        slice.Begin(times.Intended);
        Interlocked.Add(ref _sentBytes, outcome.SentBytes);
        Interlocked.Add(ref _readBytes, outcome.ReadBytes);
        RaiseLastDone(times.Done);
        Lateness.Record(Nanoseconds(times.Sent - times.Ready));
        if (times.Ready > times.Intended)
        {
            Interlocked.Increment(ref _waits);
        }

        if (outcome.Fault is { } kind)
        {
            slice.CountError();
            Interlocked.Increment(ref _errorCount);
            _errors.AddOrUpdate(_errors.Count < KindsMax || _errors.ContainsKey(kind) ? kind : OtherKind, 1, static (_, count) => count + 1);
            return;
        }

        slice.Latency.Record(Nanoseconds(times.Done - times.Intended));
        Service.Record(Nanoseconds(times.Done - times.Sent));
        if (outcome.Proving > TimeSpan.Zero)
        {
            Proving.Record((long)outcome.Proving.TotalNanoseconds);
        }
    }

    private long Nanoseconds(long ticks) => (long)(ticks * _nanosecondsPerTick);

    private void RaiseLastDone(long done)
    {
        var seen = Volatile.Read(ref _lastDone);
        while (done > seen)
        {
            var before = Interlocked.CompareExchange(ref _lastDone, done, seen);
            seen = before == seen ? done : before;
        }
    }
}
