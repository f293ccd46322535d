using ClawPdp.Ledger.Storage;

namespace ClawPdp.Ledger.Maintenance;

/// <summary>A data directory that is to get a ledger: held by this process until disposed, so that no sidecar makes one meanwhile.</summary>
public sealed class LedgerPlace : IDisposable
{
    /// <summary>The name of the ledger's file in its directory.</summary>
    public const string FileName = LedgerFiles.DatabaseName;

    private readonly FileStream _lock;
    private readonly string _path;

    private LedgerPlace(FileStream directoryLock, string path)
    {
        _lock = directoryLock;
        _path = path;
    }

    /// <summary>Takes a directory, making it where there is none.</summary>
    /// <exception cref="LedgerException">A sidecar has it, others may enter it, or there is a ledger, or the rest of one.</exception>
    public static LedgerPlace Take(string directoryPath)
    {
        LedgerFiles.EnsureDirectory(directoryPath);
        var directoryLock = LedgerFiles.TakeLock(directoryPath);
        var path = Path.Combine(directoryPath, LedgerFiles.DatabaseName);
        // A write-ahead log that was left behind would be played into the new file; an empty one is what a reader leaves.
        var rests = Array.FindAll([path + "-wal", path + "-journal"], static rest => File.Exists(rest) && new FileInfo(rest).Length > 0);
        if (Array.Find([path, .. rests], File.Exists) is { } found)
        {
            directoryLock.Dispose();
            throw new LedgerException(LedgerFault.Conflict, $"`{found}` is there: a ledger is never overwritten; move it away and keep it");
        }

        Array.ForEach([path + "-wal", path + "-shm", path + "-journal"], File.Delete);
        return new LedgerPlace(directoryLock, path);
    }

    /// <summary>Gives the ledger its name: from here on it is the directory's.</summary>
    /// <param name="temporaryPath">A whole ledger, on disk, in the same directory.</param>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public void Put(string temporaryPath) => File.Move(temporaryPath, _path, overwrite: false);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
