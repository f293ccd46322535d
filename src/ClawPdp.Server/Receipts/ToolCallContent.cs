namespace ClawPdp.Server.Receipts;

/// <summary>A call of a tool.</summary>
internal sealed record ToolCallContent : ReceiptContent
{
    public required string ToolName { get; init; }

    public string? ToolVersion { get; init; }

    public required string ArgumentsHash { get; init; }

    public required string ResultHash { get; init; }

    public string? ResultStatus { get; init; }

    public required long LatencyMilliseconds { get; init; }
}
