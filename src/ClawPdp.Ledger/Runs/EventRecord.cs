using ClawPdp.Core.Runs;

namespace ClawPdp.Ledger.Runs;

/// <summary>An event of a run as it is kept.</summary>
public sealed record EventRecord
{
    /// <summary>Gets the event with its links.</summary>
    public required RunEvent Event { get; init; }

    /// <summary>Gets the chain that the event stands in, from 1: a run is split into segments of at most <see cref="EventChain.CountMax"/> events.</summary>
    public required int Segment { get; init; }

    /// <summary>Gets the event's place in its segment, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the SHA-256 of the text of the token that it was reported with, lower-case hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets when it was recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }
}
