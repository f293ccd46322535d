namespace ClawPdp.Ledger;

/// <summary>A revocation as it is kept.</summary>
public sealed record RevocationRecord
{
    /// <summary>Gets the revocation's id: 1 to 256 characters.</summary>
    public required string RevocationId { get; init; }

    /// <summary>Gets what is named.</summary>
    public required RevocationTargetKind Kind { get; init; }

    /// <summary>Gets the name, compared exactly: 1 to 1024 characters.</summary>
    public required string Value { get; init; }

    /// <summary>Gets when it was revoked.</summary>
    public required DateTimeOffset RevokedAt { get; init; }

    /// <summary>Gets why, in words; <see langword="null"/> when not stated.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets who revoked.</summary>
    public required string RevokedBy { get; init; }

    /// <summary>Gets from when no token can be covered any more, so that the revocation may be forgotten; <see langword="null"/> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
