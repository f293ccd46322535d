namespace ClawPdp.Ledger;

/// <summary>Whether the ledger takes records.</summary>
public enum LedgerState
{
    /// <summary>Not known: take it as failing.</summary>
    Unspecified = 0,

    /// <summary>The last commit succeeded, or none was needed yet.</summary>
    Healthy = 1,

    /// <summary>The last commit failed; each further append tries again.</summary>
    Failing = 2,

    /// <summary>The ledger is closing or closed.</summary>
    Closed = 3,

    /// <summary>A commit has been under way for longer than <see cref="LedgerSettings.StallTimeout"/>: appends are refused until it ends.</summary>
    Stalled = 4,
}
