namespace ClawPdp.Ledger;

/// <summary>What became of a revocation; the target is revoked, on disk, whatever the status.</summary>
/// <param name="Status">Whether it was new.</param>
/// <param name="Record">The revocation in force: the first one, with the later of the two expiries.</param>
public sealed record RevokeOutcome(RevokeStatus Status, RevocationRecord Record)
{
    /// <summary>Gets when the target was first revoked.</summary>
    public DateTimeOffset RevokedAt => Record.RevokedAt;
}
