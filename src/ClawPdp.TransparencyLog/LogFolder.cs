using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;
using ClawPdp.Files;
using ClawPdp.TransparencyLog.Storage;

namespace ClawPdp.TransparencyLog;

/// <summary>The files of a log, for reading and copying beside the sidecar that may be writing it. Not safe for concurrent use.</summary>
public sealed class LogFolder
{
    private readonly LogFiles _files;

    /// <summary>Initializes a new instance of the <see cref="LogFolder"/> class.</summary>
    public LogFolder(string directory) => _files = new LogFiles(directory);

    /// <summary>Gives the signed note; <see langword="null"/> when nothing was published.</summary>
    public string? ReadCheckpoint() => _files.ReadCheckpoint();

    /// <summary>Gives the first entries, each checked against the tile that holds its hash and against the one before it.</summary>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    public IEnumerable<LogEntry> ReadEntries(long size) => EntryWalk.Read(_files, size).Select(static item => item.Entry);

    /// <summary>Gives the root that the tiles lead to for a size, base64url.</summary>
    /// <exception cref="LogDamagedException">A tile is missing or of another length.</exception>
    public string RootOf(long size) => Base64UrlText.Encode(size == 0 ? MerkleTree.EmptyRoot() : MerkleProofs.RootOf(size, new TileNodes(_files, size).Read));

    /// <summary>Copies what a head stands for, and nothing newer, to a folder where nothing is.</summary>
    /// <param name="target">The folder; made where there is none.</param>
    /// <param name="head">The head: the copied log is of its size.</param>
    /// <param name="note">A checkpoint of at most that size; <see langword="null"/> for none.</param>
    /// <param name="noteSize">The size of that checkpoint.</param>
    /// <exception cref="LogDamagedException">A file is missing or damaged.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void CopyTo(string target, SignedHead head, string? note, long noteSize)
    {
        var copy = new LogFiles(target);
        copy.EnsureDirectory();
        foreach (var tile in TilesOf(head.Size).Union(TilesOf(noteSize)))
        {
            copy.Write(tile, _files.Read(tile) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(tile)}` is missing"));
        }

        var receipts = _files.ReadReceiptBytes(head.ReceiptCount) ?? throw new LogDamagedException("the leaves of the receipt log are cut off");
        DurableFile.Write(Path.Combine(target, LogFiles.ReceiptsName), receipts);
        if (note is not null)
        {
            copy.WriteCheckpoint(note);
        }
    }

    private static IEnumerable<TileAddress> TilesOf(long size) =>
        TileLayout.LevelsOf(size).Append(TileLayout.EntriesLevel).SelectMany(level => TileLayout.TilesAt(level, size));
}
