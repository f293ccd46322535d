using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClawPdp.Bench.Loops;

/// <summary>
/// Sleeps by the kernel until shortly before the instant, and spins for the rest. How long the kernel oversleeps is learnt as it goes; the
/// spinning is bounded, so that the tool takes at most a quarter of a core for it and leaves the rest to the server beside it.
/// </summary>
internal sealed partial class PrecisePace : IPace
{
    private const int TimerSlackOption = 29;
    private const int ClockMonotonic = 1;
    private const long SlackNanoseconds = 1_000;
    private const long MarginMaxNanoseconds = 60_000;
    private const long MarginMinNanoseconds = 2_000;
    private const double SpinShareMax = 0.25;
    private const int LearningShift = 4;

    private readonly long _marginMax;
    private long _margin;
    private bool _isSlackSet;

    /// <summary>Makes a pace.</summary>
    /// <param name="ratePerSecond">How often it will be waited.</param>
    public PrecisePace(double ratePerSecond)
    {
        _marginMax = (long)Math.Clamp(SpinShareMax / ratePerSecond * 1e9, MarginMinNanoseconds, MarginMaxNanoseconds);
        _margin = _marginMax;
    }

    public void WaitUntil(long timestamp)
    {
        if (!_isSlackSet)
        {
            // Of the thread that waits: the kernel otherwise adds up to 50 µs, to wake several sleepers at once.
            _ = SetThreadOption(TimerSlackOption, SlackNanoseconds);
            _isSlackSet = true;
        }

        var left = NanosecondsUntil(timestamp);
        if (left > _margin)
        {
            Sleep(left - _margin, timestamp);
        }

        while (Stopwatch.GetTimestamp() < timestamp)
        {
            Thread.SpinWait(8);
        }
    }

    private static long NanosecondsUntil(long timestamp) => (long)((timestamp - Stopwatch.GetTimestamp()) * (1e9 / Stopwatch.Frequency));

    private void Sleep(long nanoseconds, long timestamp)
    {
        var time = new KernelTime { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        _ = SleepByKernel(ClockMonotonic, 0, in time, 0);

        // What is left of the margin tells how much of it was needed: it follows the oversleeping upwards at once, and downwards slowly.
        var overslept = _margin - NanosecondsUntil(timestamp);
        var wanted = Math.Clamp(overslept + (overslept / 2), MarginMinNanoseconds, _marginMax);
        _margin = wanted > _margin ? wanted : _margin - ((_margin - wanted) >> LearningShift);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SleepByKernel(int clock, int flags, in KernelTime time, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetThreadOption(int option, long value);

    /// <summary>The kernel's <c>timespec</c>, as 64-bit Linux has it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct KernelTime
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
