using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Server.Keys;

/// <summary>The keys that verify receipts, as they are published.</summary>
internal static class ReceiptKeys
{
    /// <summary>
    /// Gives those that verify at an instant and are not revoked, the signing one first. What a revoked one signed is believed with its proof from
    /// the log alone.
    /// </summary>
    public static IEnumerable<StoredKey> Accepted(SigningRing ring, RevocationView revocations, DateTimeOffset now) =>
        ring.AcceptedOf(KeyPurpose.Receipt, now).Where(key => !KeySchedule.IsRevoked(key.PublicKey, revocations));
}
