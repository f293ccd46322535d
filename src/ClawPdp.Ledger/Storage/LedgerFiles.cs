namespace ClawPdp.Ledger.Storage;

/// <summary>The files of a data directory, readable by their owner alone.</summary>
internal static class LedgerFiles
{
    public const string DatabaseName = "ledger.db";
    public const string LockName = "ledger.lock";

    private const UnixFileMode OwnerOnlyDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int RewriteSize = 1024 * 1024;

    // EWOULDBLOCK of flock(2), which FileShare.None takes.
    private const int WouldBlock = 11;

    /// <summary>Makes the directory where there is none.</summary>
    /// <exception cref="LedgerException">It exists and others may enter it.</exception>
    public static void EnsureDirectory(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
        }

        ThrowIfOpenToOthers(path, OwnerOnlyDirectory, "700");
    }

    /// <summary>Takes the directory for this process until the stream is closed; the kernel lets go of it when the process dies.</summary>
    /// <exception cref="LedgerException">Another process, or another store of this one, holds it.</exception>
    public static FileStream TakeLock(string directoryPath)
    {
        var path = Path.Combine(directoryPath, LockName);
        try
        {
            return new FileStream(path, OwnerOnly(FileMode.OpenOrCreate));
        }
        catch (IOException failure) when (failure.HResult == WouldBlock)
        {
            throw new LedgerException(LedgerFault.InUse, $"the data directory `{directoryPath}` is in use by another process", failure);
        }
    }

    /// <summary>
    /// Makes an empty database file where there is none, so that SQLite never makes one that others can read; its side files take
    /// their mode from it. Call this before SQLite has the file open: closing any handle on it would drop SQLite's locks (fcntl(2)).
    /// </summary>
    /// <exception cref="LedgerException">It exists and others may read it.</exception>
    public static void EnsureDatabase(string path)
    {
        if (!File.Exists(path))
        {
            using var created = new FileStream(path, OwnerOnly(FileMode.CreateNew));
        }

        ThrowIfOpenToOthers(path, OwnerOnlyFile, "600");
    }

    /// <summary>
    /// Writes the write-ahead log that a process left behind once more, as it is, and flushes it. A flush that failed in that process may have
    /// left pages that look written and are not on disk: SQLite would take them for whole, put new commits behind them, and lose these with them
    /// when the power fails. Call this before SQLite has the file open.
    /// </summary>
    public static void RewriteLog(string databasePath)
    {
        var path = databasePath + "-wal";
        if (!File.Exists(path))
        {
            return;
        }

        using var log = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var piece = new byte[RewriteSize];
        for (var offset = 0L; RandomAccess.Read(log, piece, offset) is > 0 and var count; offset += count)
        {
            RandomAccess.Write(log, piece.AsSpan(0, count), offset);
        }

        RandomAccess.FlushToDisk(log);
    }

    /// <summary>Makes an empty database file of a name that is free.</summary>
    /// <exception cref="IOException">The name is taken, or the file cannot be made.</exception>
    public static void EnsureNewDatabase(string path)
    {
        using var created = new FileStream(path, OwnerOnly(FileMode.CreateNew));
    }

    private static FileStreamOptions OwnerOnly(FileMode mode) =>
        new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnlyFile };

    private static void ThrowIfOpenToOthers(string path, UnixFileMode widest, string remedy)
    {
        if ((File.GetUnixFileMode(path) & ~widest) != UnixFileMode.None)
        {
            throw new LedgerException(
                LedgerFault.UnsafeMode,
                $"`{path}` is open to others than its owner; run: chmod {remedy} {path}");
        }
    }
}
