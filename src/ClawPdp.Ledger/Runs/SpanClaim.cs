namespace ClawPdp.Ledger.Runs;

/// <summary>The spans that a receipt is to be tied into. Model calls open spans, everything else hangs below one.</summary>
public sealed record SpanClaim
{
    /// <summary>Gets a value indicating whether the receipt is of a model call, which opens a span of its own.</summary>
    public required bool OpensSpan { get; init; }

    /// <summary>Gets the receipt's own span: 1 to 256 characters; for a model call new in its run.</summary>
    public required string SpanId { get; init; }

    /// <summary>Gets the span of a model call that it happened in; <see langword="null"/> takes the last one of the segment.</summary>
    public string? ParentSpanId { get; init; }

    /// <summary>Gets the phase of the run that the receipt states; <see langword="null"/> for none.</summary>
    public string? Phase { get; init; }

    /// <summary>Gets the tool call's span, which verifiers look for among the model calls' alone; <see langword="null"/> for none.</summary>
    public string? ToolSpanId { get; init; }
}
