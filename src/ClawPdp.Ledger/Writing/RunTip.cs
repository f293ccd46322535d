namespace ClawPdp.Ledger.Writing;

/// <summary>The end of a run as it was last, and how many wait to add to it. Safe for concurrent use.</summary>
internal sealed class RunTip
{
    private int _waitingCount;
    private RunCursor? _cursor;

    /// <summary>Gets or sets the run as it was last; <see langword="null"/> while it is not known.</summary>
    public RunCursor? Cursor
    {
        get => Volatile.Read(ref _cursor);
        set => Volatile.Write(ref _cursor, value);
    }

    /// <summary>Counts one more that waits, until <see cref="Leave"/>; true when it is the only one, so that nobody moves the end before its turn.</summary>
    public bool Enter() => Interlocked.Increment(ref _waitingCount) == 1;

    /// <summary>Counts one less.</summary>
    public void Leave() => Interlocked.Decrement(ref _waitingCount);
}
