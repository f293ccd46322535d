namespace ClawPdp.Ledger.Runs;

/// <summary>Where a receipt stands in its run.</summary>
/// <param name="EventHash">The event that it is about.</param>
/// <param name="ParentSpanId">The span that it hangs below; <see langword="null"/> for the first model call of a segment, or where there was none yet.</param>
/// <param name="NotBefore">The time of the receipt above it, which it may not precede; <see langword="null"/> for none.</param>
public sealed record ReceiptPlace(string EventHash, string? ParentSpanId, DateTimeOffset? NotBefore);
