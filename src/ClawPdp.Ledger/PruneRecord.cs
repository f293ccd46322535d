namespace ClawPdp.Ledger;

/// <summary>What a pruning removed and left. The chain goes on over what was removed only as far as the last such record says.</summary>
public sealed record PruneRecord
{
    /// <summary>Gets the instant: what is removed was recorded before it.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>Gets the last sequence that was looked at; every record behind it is whole.</summary>
    public required long ThroughSequence { get; init; }

    /// <summary>Gets the hash of the record of that sequence, base64url.</summary>
    public required string ThroughHash { get; init; }

    /// <summary>Gets how many records this pruning removed.</summary>
    public required long RemovedCount { get; init; }

    /// <summary>Gets the hash over all that is left up to <see cref="ThroughSequence"/>, base64url (docs/evidence.md section 1).</summary>
    public required string KeptHash { get; init; }

    /// <summary>Gets when it was done.</summary>
    public required DateTimeOffset PrunedAt { get; init; }
}
