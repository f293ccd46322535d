namespace ClawPdp.Server.Telemetry;

/// <summary>One duration of a bucket, and the trace in which it was.</summary>
/// <param name="TraceId">The trace.</param>
/// <param name="Seconds">The duration.</param>
/// <param name="At">When it ended.</param>
internal sealed record Exemplar(string TraceId, double Seconds, DateTimeOffset At);
