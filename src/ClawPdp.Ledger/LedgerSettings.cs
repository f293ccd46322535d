namespace ClawPdp.Ledger;

/// <summary>How a ledger is kept; checked by <see cref="LedgerStore.Open"/>.</summary>
public sealed record LedgerSettings
{
    /// <summary>Gets the full path of the data directory; made with mode 0700 where there is none.</summary>
    public required string DirectoryPath { get; init; }

    /// <summary>Gets how many appends may wait for the disk before further ones are refused: 1 to 1,000,000; 4096 by default.</summary>
    public int QueueCapacity { get; init; } = 4096;

    /// <summary>
    /// Gets how many revocations may wait beside the other appends, before which they go: 1 to 1,000,000; 1024 by default. So a full
    /// queue keeps none of them out.
    /// </summary>
    public int UrgentQueueCapacity { get; init; } = 1024;

    /// <summary>Gets how many decision records may wait before further ones are lost and counted: 1 to 1,000,000; 16,384 by default.</summary>
    public int DecisionQueueCapacity { get; init; } = 16_384;

    /// <summary>Gets how many appends share one commit at most: 1 to 10,000; 256 by default.</summary>
    public int BatchSizeMax { get; init; } = 256;

    /// <summary>Gets how many decision records share one commit at most, unless an append takes more along: 1 to 10,000; 1024 by default.</summary>
    public int DecisionBatchSizeMax { get; init; } = 1024;

    /// <summary>
    /// Gets how long decision records wait for company when nothing else is to be written: 0 to 1 s; 20 ms by default. A commit costs more than
    /// a dozen records, and what it costs, those lack who ask.
    /// </summary>
    public TimeSpan DecisionLinger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// Gets how long a lock that another program holds on the file is waited for: 1 ms to 60 s; 3 s by default. Two commits that wait so long
    /// are less than <see cref="AppendTimeout"/>: whoever is refused for a lock knows that nothing was recorded.
    /// </summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets how long an append is waited for: 100 ms to 10 min; 10 s by default. One that takes longer may come to disk all the same, so
    /// whoever asked must ask again with the same id.
    /// </summary>
    public TimeSpan AppendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets how long a commit may be under way before further appends, revocations excepted, are refused at once: 10 ms to 10 min; 2 s by
    /// default.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how long closing waits for what is queued: 0 to 10 min; 10 s by default.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the size the file may grow to, at least 1 MiB; further appends fail. <see langword="null"/>, the default, is no bound.</summary>
    public long? SizeMaxBytes { get; init; }

    /// <summary>
    /// Gets up to which size the whole file is checked at opening, so that a big ledger still starts at once; 256 MiB by default.
    /// The newest records are checked whatever the size.
    /// </summary>
    public long QuickCheckSizeMaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Gets whether opening refuses a damaged file, true by default. Off only to examine one: <see cref="LedgerStore.VerifyChain"/>
    /// then tells what is wrong.
    /// </summary>
    public bool ChecksAtOpening { get; init; } = true;

    /// <summary>
    /// Gets who is told how long each successful commit took, the flush of the disk included; <see langword="null"/>, the default, is nobody.
    /// It is called on the thread that writes and must not throw.
    /// </summary>
    public Action<TimeSpan>? CommitTold { get; init; }

    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    internal static void ThrowIfOutOfRange(LedgerSettings settings)
    {
        var isWithin = settings.DirectoryPath.Length > 0
            && settings.QueueCapacity is >= 1 and <= 1_000_000
            && settings.UrgentQueueCapacity is >= 1 and <= 1_000_000
            && settings.DecisionQueueCapacity is >= 1 and <= 1_000_000
            && settings.BatchSizeMax is >= 1 and <= 10_000
            && settings.DecisionBatchSizeMax is >= 1 and <= 10_000
            && IsWithin(settings.DecisionLinger, TimeSpan.Zero, TimeSpan.FromSeconds(1))
            && IsWithin(settings.BusyTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60))
            && IsWithin(settings.AppendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))
            && IsWithin(settings.StallTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10))
            && IsWithin(settings.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10))
            && settings.SizeMaxBytes is null or >= 1024 * 1024
            && settings.QuickCheckSizeMaxBytes >= 0;
        if (!isWithin)
        {
            throw new ArgumentException("a setting of the ledger is out of its range", nameof(settings));
        }
    }

    private static bool IsWithin(TimeSpan value, TimeSpan minimum, TimeSpan maximum) => value >= minimum && value <= maximum;
}
