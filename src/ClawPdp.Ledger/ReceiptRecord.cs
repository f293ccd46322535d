namespace ClawPdp.Ledger;

/// <summary>A signed receipt as it is kept. Compared by reference.</summary>
public sealed class ReceiptRecord
{
    /// <summary>Gets the receipt's id, unique in the ledger: 1 to 256 characters.</summary>
    public required string ReceiptId { get; init; }

    /// <summary>Gets the envelope's type, such as <c>tool_receipt</c>.</summary>
    public required string ReceiptType { get; init; }

    /// <summary>Gets the run that the receipt belongs to.</summary>
    public required string RunId { get; init; }

    /// <summary>Gets the idempotency key, unique within <see cref="IdempotencyScope"/>: 1 to 256 characters.</summary>
    public required string Nonce { get; init; }

    /// <summary>Gets what a nonce is unique within: 1 to 1024 characters, compared exactly.</summary>
    public required string IdempotencyScope { get; init; }

    /// <summary>Gets the hash of the request's content, exactly 32 bytes; it tells a repeated request from another one.</summary>
    public required ReadOnlyMemory<byte> RequestFingerprint { get; init; }

    /// <summary>Gets the signed envelope, kept byte for byte: UTF-8, 1 byte to 1 MiB.</summary>
    public required ReadOnlyMemory<byte> EnvelopeJson { get; init; }

    /// <summary>Gets the SHA-256 of the payload, base64url.</summary>
    public required string PayloadHash { get; init; }

    /// <summary>Gets the SHA-256 of the token's text, lower-case hexadecimal.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Gets the decision that allowed the action; <see langword="null"/> when none was named.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Gets the tool that was checked; <see langword="null"/> for none.</summary>
    public string? Tool { get; init; }

    /// <summary>Gets the model that was checked; <see langword="null"/> for none.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the model's provider; <see langword="null"/> for none.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets the host that was checked, in its normal form; <see langword="null"/> for none.</summary>
    public string? Host { get; init; }

    /// <summary>Gets the policy that was in force, base64url; <see langword="null"/> for none.</summary>
    public string? PolicyHash { get; init; }

    /// <summary>
    /// Gets what the caller stated and the policy looks at, where it was judged by itself: the text of one JSON object of strings;
    /// <see langword="null"/> for nothing, and where it was judged on the grounds of its decision.
    /// </summary>
    public string? StatedJson { get; init; }

    /// <summary>Gets the <c>traceparent</c> (W3C Trace Context) that the caller gave, at most 256 characters; <see langword="null"/> for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Gets the <c>tracestate</c> that the caller gave beside it, at most 1024 characters; <see langword="null"/> for none.</summary>
    public string? TraceState { get; init; }

    /// <summary>Gets when it was signed.</summary>
    public required DateTimeOffset SignedAt { get; init; }
}
