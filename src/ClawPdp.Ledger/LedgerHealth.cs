namespace ClawPdp.Ledger;

/// <summary>How the ledger is, at one instant.</summary>
public sealed record LedgerHealth
{
    /// <summary>Gets whether the ledger takes records.</summary>
    public required LedgerState State { get; init; }

    /// <summary>Gets SQLite's extended result code (sqlite.org/rescode.html) of the last failure; it stays after a recovery. 0 when there was none.</summary>
    public required int LastErrorCode { get; init; }

    /// <summary>Gets how many appends wait, decision records not counted.</summary>
    public required int QueueLength { get; init; }

    /// <summary>Gets how many decision records wait that nobody waits for.</summary>
    public int DecisionQueueLength { get; init; }

    /// <summary>Gets when a commit last succeeded; <see langword="null"/> when none has since the ledger was opened.</summary>
    public required DateTimeOffset? LastCommitAt { get; init; }

    /// <summary>Gets how many records there are on disk, which is the sequence of the last.</summary>
    public required long RecordCount { get; init; }

    /// <summary>Gets for how long the commit that is under way has been; zero when none is.</summary>
    public TimeSpan CommitUnderWayFor { get; init; }

    /// <summary>Gets how many appends a second of writing has brought to disk of late; 0 when not known.</summary>
    public double AppendsPerSecond { get; init; }

    /// <summary>
    /// Gets the latest time in the newest records that the ledger had at opening; <see langword="null"/> when there were none. A system
    /// clock that is behind it is wrong, or was.
    /// </summary>
    public DateTimeOffset? NewestAtOpening { get; init; }

    /// <summary>Gets how many decision records have been lost since the ledger was opened.</summary>
    public required long DecisionsLost { get; init; }
}
