using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Runs;

/// <summary>What is asked of AppendEvent; an empty text is one that the caller leaves to the sidecar.</summary>
internal sealed record EventRequest
{
    public required string RunId { get; init; }

    public string EventId { get; init; } = "";

    public required string EventType { get; init; }

    public string Timestamp { get; init; } = "";

    public required string PayloadHash { get; init; }

    /// <summary>Gets the trace that it is a part of.</summary>
    public CallTrace Trace { get; init; }
}
