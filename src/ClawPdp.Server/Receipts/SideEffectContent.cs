namespace ClawPdp.Server.Receipts;

/// <summary>Something outside that was changed or reached.</summary>
internal sealed record SideEffectContent : ReceiptContent
{
    public required string EffectClass { get; init; }

    public required string TargetHash { get; init; }

    public required string RequestHash { get; init; }

    public required string ResponseHash { get; init; }

    public string? VendorId { get; init; }

    public string? ResponseStatus { get; init; }

    public required long LatencyMilliseconds { get; init; }

    public long? BytesWritten { get; init; }

    public string? CapabilityId { get; init; }
}
