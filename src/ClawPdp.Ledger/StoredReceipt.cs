namespace ClawPdp.Ledger;

/// <summary>A receipt that is on disk.</summary>
/// <param name="Record">The receipt.</param>
/// <param name="Sequence">Its place among all records of the ledger, from 1.</param>
public sealed record StoredReceipt(ReceiptRecord Record, long Sequence);
