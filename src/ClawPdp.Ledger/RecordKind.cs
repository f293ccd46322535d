namespace ClawPdp.Ledger;

/// <summary>What a record holds. The numbers are hashed and stored: none is ever reused.</summary>
public enum RecordKind
{
    /// <summary>Nothing: never a valid kind.</summary>
    Unspecified = 0,

    /// <summary>A signed receipt.</summary>
    Receipt = 1,

    /// <summary>A token that was issued.</summary>
    Issuance = 2,

    /// <summary>A revocation.</summary>
    Revocation = 3,

    /// <summary>An attempt that was refused.</summary>
    Refusal = 4,

    /// <summary>An answer to a question.</summary>
    Decision = 5,

    /// <summary>A scope mapping or policy that others name by its hash.</summary>
    Document = 6,

    /// <summary>The start of a run.</summary>
    Run = 7,

    /// <summary>An event of a run.</summary>
    Event = 8,

    /// <summary>A statement of how much there is of a run.</summary>
    Seal = 9,

    /// <summary>A change of the policy in force.</summary>
    Activation = 10,

    /// <summary>A removal of old records.</summary>
    Prune = 11,

    /// <summary>An admin act, and who asked for it.</summary>
    Act = 12,
}
