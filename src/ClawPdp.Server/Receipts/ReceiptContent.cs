namespace ClawPdp.Server.Receipts;

/// <summary>What was done: exactly one of three kinds.</summary>
internal abstract record ReceiptContent;
