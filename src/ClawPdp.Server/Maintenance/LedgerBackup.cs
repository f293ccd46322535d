using System.Collections.Immutable;
using ClawPdp.Crypto.Verification;
using ClawPdp.Files;
using ClawPdp.Ledger.Maintenance;
using ClawPdp.Server.Cli;
using ClawPdp.Server.Transparency;
using ClawPdp.TransparencyLog;

namespace ClawPdp.Server.Maintenance;

/// <summary>
/// Copies the ledger and the log of an installation, beside a running sidecar. The copied log is exactly as long as the copied ledger says:
/// the checkpoint is read first, the ledger copied second, and of the log what the copied ledger knows of. Private keys are never copied.
/// </summary>
internal sealed class LedgerBackup
{
    private const int TailLength = 1000;

    private readonly string _data;
    private readonly string _target;
    private readonly ImmutableArray<string> _trusted;
    private readonly TimeProvider _time;

    /// <param name="data">The data directory.</param>
    /// <param name="target">The folder; it must be empty or missing.</param>
    /// <param name="trusted">The did:keys of the log.</param>
    /// <param name="time">The clock.</param>
    public LedgerBackup(string data, string target, ImmutableArray<string> trusted, TimeProvider time)
    {
        _data = data;
        _target = target;
        _trusted = trusted;
        _time = time;
    }

    private string LedgerCopy => Path.Combine(_target, LedgerPlace.FileName);

    private string LogCopy => Path.Combine(_target, LogOpening.FolderName);

    /// <summary>Makes the backup and checks it.</summary>
    /// <param name="isFull">Whether every record of the copy is checked, and not the newest ones alone.</param>
    /// <param name="cancellation">Ends the checking.</param>
    /// <returns>What was made, <see langword="null"/> when the check failed; and the steps of the check.</returns>
    /// <exception cref="InputException">The folder is not empty.</exception>
    /// <exception cref="LogDamagedException">The log is damaged.</exception>
    public (BackupManifest? Manifest, ImmutableArray<LedgerCheckStep> Steps) Run(bool isFull, CancellationToken cancellation)
    {
        if (Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any())
        {
            throw new InputException($"{_target}: the folder is not empty");
        }

        DurableFile.EnsureDirectory(_target);
        OwnerOnlyDirectory.Ensure(_target);
        var log = new LogFolder(Path.Combine(_data, LogOpening.FolderName));
        var note = log.ReadCheckpoint();
        var checkpoint = note is null ? null : CheckpointVerifier.Verify(note, _trusted, out _) ?? throw new LogDamagedException("the checkpoint is not signed by a trusted key under the log's name");
        var made = Copy(log, note, checkpoint?.Size ?? 0);
        DurableFile.FlushDirectory(_target);
        var steps = Check(made, isFull, cancellation);
        if (!WholeCheck.Holds(steps))
        {
            return (null, steps);
        }

        made = made with
        {
            Ledger = FileDigest.OfFile(LedgerCopy),
            Log = made.LogHead is null ? null : FileDigest.OfFolder(LogCopy),
        };
        DurableFile.WriteFirst(Path.Combine(_target, BackupManifest.FileName), made.ToBytes());
        return (made, steps);
    }

    private BackupManifest Copy(LogFolder log, string? note, long noteSize)
    {
        using var ledger = LedgerSnapshot.Open(_data);
        ledger.CopyTo(LedgerCopy);
        var head = LedgerSignedHeads.Read(ledger.GetMeta(LedgerSignedHeads.Name));
        if (noteSize > (head?.Size ?? 0))
        {
            throw new LogDamagedException("the log is ahead of the ledger: the ledger was set back");
        }

        if (head is not null)
        {
            log.CopyTo(LogCopy, head, note, noteSize);
        }

        return new BackupManifest
        {
            CreatedAt = _time.GetUtcNow(),
            SchemaVersion = ledger.SchemaVersion,
            Head = ledger.Head,
            LastRecordAt = ledger.LastInstant(),
            Ledger = new FileDigest(1, 0, ""),
            LogHead = head,
        };
    }

    private ImmutableArray<LedgerCheckStep> Check(BackupManifest made, bool isFull, CancellationToken cancellation)
    {
        if (isFull)
        {
            return WholeCheck.Run(() => LedgerSnapshot.OpenCopy(LedgerCopy), LogCopy, _trusted, cancellation);
        }

        using var copy = LedgerSnapshot.OpenCopy(LedgerCopy);
        var isSame = copy.Head == made.Head && copy.LastInstant() == made.LastRecordAt;
        return
        [
            .. LedgerCheck.RunTail(copy, TailLength),
            new LedgerCheckStep("head", isSame, isSame ? "the copy ends where the ledger ended" : "the copy does not end where the ledger ended"),
            new LogAgreement(copy, LogCopy).CheckHead(checkpoint: null),
        ];
    }
}
