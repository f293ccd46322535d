namespace ClawPdp.Ledger;

/// <summary>What is wrong with a record of the chain.</summary>
public enum ChainFaultKind
{
    /// <summary>Not known.</summary>
    Unspecified = 0,

    /// <summary>There is no record of this sequence, but there are later ones.</summary>
    MissingRecord = 1,

    /// <summary>The record, or the link to the one before it, was changed.</summary>
    HashMismatch = 2,

    /// <summary>The record is intact, but cannot be read.</summary>
    Unreadable = 3,

    /// <summary>The record is intact, but the tables that find it say otherwise.</summary>
    IndexMismatch = 4,

    /// <summary>The chain does not hold the head that was kept outside: records were cut off or replaced.</summary>
    AnchorMismatch = 5,

    /// <summary>The head that was kept outside is that of a record that was pruned since: nothing can be said of it.</summary>
    AnchorPruned = 6,

    /// <summary>What a pruning left does not agree with what its record says it left.</summary>
    PruneMismatch = 7,
}
