using ClawPdp.Crypto;
using ClawPdp.Engine.Revocations;

namespace ClawPdp.Server.Keys;

/// <summary>The keys that verify tokens, as they are published.</summary>
internal static class TokenKeys
{
    /// <summary>Gives those that verify at an instant and are not revoked, the signing one first.</summary>
    public static IEnumerable<StoredKey> Accepted(SigningRing ring, RevocationView revocations, DateTimeOffset now) =>
        ring.AcceptedOf(KeyPurpose.Token, now).Where(key => !revocations.Names(RevocationKind.KeyId, key.PublicKey.KeyId));
}
