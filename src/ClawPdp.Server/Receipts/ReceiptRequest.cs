using ClawPdp.Engine.Decisions;
using ClawPdp.Server.Telemetry;

namespace ClawPdp.Server.Receipts;

/// <summary>What is asked of SignReceipt, whatever the kind.</summary>
internal sealed record ReceiptRequest
{
    /// <summary>Gets the question whose answer decides whether the receipt may be signed.</summary>
    public required Question Question { get; init; }

    public required string RunId { get; init; }

    /// <summary>Gets the hash of the event that it is about; <see langword="null"/> lets the sidecar append one.</summary>
    public string? EventHash { get; init; }

    /// <summary>Gets the type of the event that is appended; empty for that of the kind of receipt.</summary>
    public string EventType { get; init; } = "";

    public required string Nonce { get; init; }

    public string DecisionId { get; init; } = "";

    public string SpanId { get; init; } = "";

    public string ParentSpanId { get; init; } = "";

    public string ToolSpanId { get; init; } = "";

    /// <summary>Gets the phase in the words of the wire formats; <see langword="null"/> when not stated.</summary>
    public string? Phase { get; init; }

    /// <summary>Gets what was done.</summary>
    public required ReceiptContent Content { get; init; }

    /// <summary>Gets the trace that it is a part of.</summary>
    public CallTrace Trace { get; init; }

    /// <summary>
    /// Gets the hash of everything the caller chose, the token aside: the same nonce with another hash is a reuse. The token
    /// counts by its scope hash, so that a retry with a renewed token is still the same request.
    /// </summary>
    public required string Fingerprint { get; init; }
}
