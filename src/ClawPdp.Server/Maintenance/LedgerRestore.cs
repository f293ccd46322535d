using System.Collections.Immutable;
using ClawPdp.Files;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Transparency;

namespace ClawPdp.Server.Maintenance;

/// <summary>
/// Puts a backup in place where no ledger is. Everything is checked before, and the ledger gets its name last: until then a sidecar that
/// starts finds none, or a log without a ledger, which it refuses.
/// </summary>
internal sealed class LedgerRestore
{
    private const string Unfinished = ".restoring";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _backup;
    private readonly string _data;

    /// <param name="backup">The folder of the backup.</param>
    /// <param name="data">The data directory.</param>
    public LedgerRestore(string backup, string data)
    {
        _backup = backup;
        _data = data;
    }

    private string LogOfBackup => Path.Combine(_backup, LogOpening.FolderName);

    private string LogOfData => Path.Combine(_data, LogOpening.FolderName);

    /// <summary>Checks the backup's files against its manifest, and then every record and entry.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="trusted">The did:keys of the log.</param>
    /// <param name="cancellation">Ends the checking.</param>
    public ImmutableArray<LedgerCheckStep> Check(BackupManifest manifest, ImmutableArray<string> trusted, CancellationToken cancellation)
    {
        var path = Path.Combine(_backup, LedgerPlace.FileName);
        var isSame = File.Exists(path)
            && FileDigest.OfFile(path) == manifest.Ledger
            && (manifest.Log is { } log ? Directory.Exists(LogOfBackup) && FileDigest.OfFolder(LogOfBackup) == log : !Directory.Exists(LogOfBackup));
        var files = new LedgerCheckStep("files", isSame, isSame ? "the files are those of the manifest" : "the files are not those of the manifest");
        if (!isSame)
        {
            return [files];
        }

        ImmutableArray<LedgerCheckStep> steps = [files, .. WholeCheck.Run(() => LedgerSnapshot.OpenCopy(path), LogOfBackup, trusted, cancellation)];
        if (!steps[^1].Passed)
        {
            return steps;
        }

        using var copy = LedgerSnapshot.OpenCopy(path);
        return steps.Add(new LedgerCheckStep("manifest", copy.Head == manifest.Head, copy.Head == manifest.Head ? "the ledger ends where the manifest says" : "the ledger does not end where the manifest says"));
    }

    /// <summary>Puts the backup in place.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="place">The data directory, held until this is done.</param>
    /// <exception cref="InputException">There is another log.</exception>
    /// <exception cref="IOException">A file cannot be written; there is no ledger then, and the next attempt begins anew.</exception>
    public void Run(BackupManifest manifest, LedgerPlace place)
    {
        var ledger = Path.Combine(_data, LedgerPlace.FileName + Unfinished);
        var log = LogOfData + Unfinished;
        File.Delete(ledger);
        if (Directory.Exists(log))
        {
            Directory.Delete(log, recursive: true);
        }

        var hasLog = HasLog(manifest);
        CopyFile(Path.Combine(_backup, LedgerPlace.FileName), ledger);
        ThrowUnless(FileDigest.OfFile(ledger) == manifest.Ledger);
        if (manifest.Log is not null && !hasLog)
        {
            CopyFolder(LogOfBackup, log);
            ThrowUnless(FileDigest.OfFolder(log) == manifest.Log);
            Directory.Move(log, LogOfData);
        }

        DurableFile.FlushDirectory(_data);
        place.Put(ledger);
        DurableFile.FlushDirectory(_data);
    }

    private static void ThrowUnless(bool isSame)
    {
        if (!isSame)
        {
            throw new IOException("what was written does not read back the same");
        }
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (var path in FileDigest.PathsOf(source))
        {
            var copy = Path.Combine(target, path);
            var folder = Path.GetDirectoryName(copy) ?? target;
            DurableFile.EnsureDirectory(folder);
            CopyFile(Path.Combine(source, path), copy);
            DurableFile.FlushDirectory(folder);
        }
    }

    private static void CopyFile(string source, string target)
    {
        using var input = File.OpenRead(source);
        using var output = new FileStream(target, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        input.CopyTo(output);
        output.Flush(flushToDisk: true);
    }

    // A log that an earlier attempt put in place is the backup's own.
    private bool HasLog(BackupManifest manifest)
    {
        if (!Directory.Exists(LogOfData) || !Directory.EnumerateFileSystemEntries(LogOfData).Any())
        {
            if (Directory.Exists(LogOfData))
            {
                Directory.Delete(LogOfData);
            }

            return false;
        }

        return manifest.Log is { } log && FileDigest.OfFolder(LogOfData) == log
            ? true
            : throw new InputException($"{LogOfData}: another log than the backup's is there, and may have published more than the backup holds; move it away and keep it");
    }
}
