namespace ClawPdp.TransparencyLog;

/// <summary>What the log is about to sign, or signed last. Compared by value.</summary>
/// <param name="Size">The number of entries.</param>
/// <param name="RootHash">The RFC 6962 root, base64url.</param>
/// <param name="LastSequence">The sequence of the last record that the entries cover; 0 for an empty log.</param>
/// <param name="ReceiptCount">The number of receipts among them.</param>
/// <param name="PublishedAt">When it was signed, RFC 3339.</param>
public sealed record SignedHead(long Size, string RootHash, long LastSequence, long ReceiptCount, string PublishedAt);
