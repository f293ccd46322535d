namespace ClawPdp.Ledger;

/// <summary>How long a nonce stands for the receipt that was signed for it.</summary>
public static class IdempotencyRules
{
    /// <summary>
    /// How long after its signing a receipt is given again for its nonce, 30 days. From then on the nonce is free: the same one makes
    /// a new receipt. The time of the records counts, so a clock that steps changes nothing that was promised.
    /// </summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(30);

    /// <summary>Tells whether a nonce that a receipt was signed for is free again.</summary>
    /// <param name="signedAt">When the receipt was signed.</param>
    /// <param name="now">The instant of the request.</param>
    public static bool IsLapsed(DateTimeOffset signedAt, DateTimeOffset now) => now - signedAt >= KeyLifetime;
}
