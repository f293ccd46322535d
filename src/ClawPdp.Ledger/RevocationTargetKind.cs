namespace ClawPdp.Ledger;

/// <summary>What a revocation names. The numbers are those in the file and never change.</summary>
public enum RevocationTargetKind
{
    /// <summary>Nothing: never a valid kind.</summary>
    Unspecified = 0,

    /// <summary>One token, by the lower-case hexadecimal SHA-256 of its text.</summary>
    TokenHash = 1,

    /// <summary>One token, by its <c>jti</c> claim.</summary>
    TokenId = 2,

    /// <summary>All tokens of an agent, by the <c>sub</c> claim.</summary>
    Subject = 3,

    /// <summary>All tokens of an owner.</summary>
    Owner = 4,

    /// <summary>All tokens that a key signed.</summary>
    KeyId = 5,

    /// <summary>All tokens pinned to a policy.</summary>
    PolicyHash = 6,

    /// <summary>All tokens of a mission.</summary>
    Mission = 7,

    /// <summary>All tokens issued before an instant, whose text the caller chooses.</summary>
    IssuedBefore = 8,
}
