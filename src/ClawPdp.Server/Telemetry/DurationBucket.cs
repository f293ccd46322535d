using System.Runtime.InteropServices;

namespace ClawPdp.Server.Telemetry;

/// <summary>A bucket of durations.</summary>
/// <param name="Bound">The longest duration in it, in seconds; infinite for the last.</param>
/// <param name="Count">How many there were, those of the shorter buckets left out.</param>
/// <param name="Exemplar">One of them; <see langword="null"/> while none was in a trace.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DurationBucket(double Bound, long Count, Exemplar? Exemplar);
