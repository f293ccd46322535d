namespace ClawPdp.Server.Receipts;

/// <summary>A call of a model.</summary>
internal sealed record ModelCallContent : ReceiptContent
{
    public required string Provider { get; init; }

    public required string Model { get; init; }

    public required string RequestHash { get; init; }

    public required string ResponseHash { get; init; }

    public required long TokensInput { get; init; }

    public required long TokensOutput { get; init; }

    public required long LatencyMilliseconds { get; init; }
}
