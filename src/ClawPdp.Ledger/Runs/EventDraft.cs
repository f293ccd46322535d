namespace ClawPdp.Ledger.Runs;

/// <summary>An event to be appended; the ledger gives it its place and links.</summary>
public sealed record EventDraft
{
    /// <summary>Gets the run: 1 to 1024 characters.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the event's id, unique in its run: 1 to 256 characters. The same id with the same content is the same event.</summary>
    public required string EventId { get; init; }

    /// <summary>Gets what happened, such as <c>tool_call</c>: 1 to 256 characters.</summary>
    public required string EventType { get; init; }

    /// <summary>Gets when it happened, RFC 3339.</summary>
    public required string Timestamp { get; init; }

    /// <summary>Gets the SHA-256 of the event's own payload, base64url.</summary>
    public required string PayloadHash { get; init; }

    /// <summary>Gets the agent that reports it.</summary>
    public required string AgentDid { get; init; }

    /// <summary>Gets the SHA-256 of the text of the agent's token, lower-case hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets when it is recorded.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }

    /// <summary>Gets what looks once more, inside the transaction, whether it may be appended by itself: what it throws, the waiter gets, and nothing is recorded; <see langword="null"/> for nothing.</summary>
    public Action? Admit { get; init; }
}
