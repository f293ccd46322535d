namespace ClawPdp.Crypto;

/// <summary>What a key may sign. One key has one purpose: a signature for one is never a valid signature for another.</summary>
public enum KeyPurpose
{
    /// <summary>Nothing.</summary>
    Unspecified = 0,

    /// <summary>Capability Scoped Tokens.</summary>
    Token = 1,

    /// <summary>Receipts, issuance records and export bundles.</summary>
    Receipt = 2,

    /// <summary>Work Policy Contracts.</summary>
    Policy = 3,

    /// <summary>Transparency-log checkpoints.</summary>
    Log = 4,

    /// <summary>An agent's own proof bundles.</summary>
    Agent = 5,

    /// <summary>A human's approvals. No installation holds such a key: it is the approver's.</summary>
    Approval = 6,
}
