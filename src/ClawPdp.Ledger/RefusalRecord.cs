namespace ClawPdp.Ledger;

/// <summary>An attempt at something that was not allowed, such as a receipt outside the token's scope.</summary>
public sealed record RefusalRecord
{
    /// <summary>Gets when it was refused.</summary>
    public required DateTimeOffset RefusedAt { get; init; }

    /// <summary>Gets what was attempted, such as <c>SignReceipt</c>: 1 to 256 characters.</summary>
    public required string Operation { get; init; }

    /// <summary>Gets the reason code's text.</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Gets the SHA-256 of the token's text, lower-case hexadecimal; <see langword="null"/> when there was no readable token.</summary>
    public string? TokenHash { get; init; }

    /// <summary>Gets the run that it was attempted for; <see langword="null"/> for none.</summary>
    public string? RunId { get; init; }

    /// <summary>Gets the agent, the <c>sub</c> of a token whose signature held; <see langword="null"/> for none.</summary>
    public string? AgentDid { get; init; }

    /// <summary>Gets further facts as JSON text, at most 64 Ki characters, never a secret; <see langword="null"/> for none.</summary>
    public string? DetailsJson { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }
}
