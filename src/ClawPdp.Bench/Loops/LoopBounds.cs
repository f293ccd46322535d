using System.Runtime.InteropServices;

namespace ClawPdp.Bench.Loops;

/// <summary>Where a loop ends.</summary>
/// <param name="First">The number of the first call.</param>
/// <param name="Count">The most calls.</param>
/// <param name="Start">The instant that times count from.</param>
/// <param name="End">The instant from which on no call is begun.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LoopBounds(long First, long Count, long Start, long End);
