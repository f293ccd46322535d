namespace ClawPdp.Ledger;

/// <summary>Why the ledger could not do what it was asked to.</summary>
public enum LedgerFault
{
    /// <summary>The disk or the file failed, or does not answer; nothing may be taken as recorded, though it may be there. A retry may succeed.</summary>
    Unavailable = 0,

    /// <summary>Too many appends wait for the disk; nothing was recorded. Retry later.</summary>
    Overloaded = 1,

    /// <summary>The ledger is closing or closed; nothing was recorded.</summary>
    Closed = 2,

    /// <summary>The record's id is taken by another record; nothing was recorded.</summary>
    Conflict = 3,

    /// <summary>Another process, or another store of this one, holds the data directory.</summary>
    InUse = 4,

    /// <summary>The data directory or the file is open to others than its owner.</summary>
    UnsafeMode = 5,

    /// <summary>The file was written by a newer version.</summary>
    NewerSchema = 6,

    /// <summary>The file is a database, but not a ledger.</summary>
    NotALedger = 7,

    /// <summary>The file or a record in it is damaged.</summary>
    Corrupt = 8,

    /// <summary>The file cannot be kept the way durability needs it.</summary>
    NotDurable = 9,

    /// <summary>The record was removed when the ledger was pruned.</summary>
    Pruned = 10,

    /// <summary>The file was written by an older version and was not brought to this one yet.</summary>
    OlderSchema = 11,
}
