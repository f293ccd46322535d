namespace ClawPdp.Ledger;

/// <summary>A record of any kind, as it is hashed.</summary>
public sealed class LedgerRecord
{
    /// <summary>Gets the record's number, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets what it holds.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>Gets the content: one JSON object in UTF-8; empty for a record that was pruned down to its hash.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Gets the hash of the record before it, 32 bytes; empty where that was pruned together with this one.</summary>
    public required ReadOnlyMemory<byte> PreviousHash { get; init; }

    /// <summary>Gets the hash, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>Gets a value indicating whether the record was pruned, and only its kind and hash are left.</summary>
    public bool IsPruned => Content.IsEmpty;
}
