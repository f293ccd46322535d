namespace ClawPdp.Ledger;

/// <summary>Whether a revocation was new.</summary>
public enum RevokeStatus
{
    /// <summary>Not known: take the target as revoked, and ask again before relying on it.</summary>
    Unspecified = 0,

    /// <summary>The target is revoked now.</summary>
    Revoked = 1,

    /// <summary>The target was revoked before.</summary>
    AlreadyRevoked = 2,
}
