using ClawPdp.Core.Log;
using ClawPdp.Files;

namespace ClawPdp.TransparencyLog.Storage;

/// <summary>The files of a log: tiles as C2SP lays them out, the checkpoint, and the leaves of the receipt log.</summary>
internal sealed class LogFiles
{
    public const int HashSizeBytes = 32;
    public const string ReceiptsName = "receipts";

    private const string CheckpointName = "checkpoint";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;

    public LogFiles(string directory) => _directory = directory;

    /// <summary>Gives a tile's bytes; a partial one that is gone is the beginning of the full one. <see langword="null"/> when it is missing.</summary>
    public byte[]? Read(TileAddress tile)
    {
        var own = ReadIfThere(FullPath(TileLayout.PathOf(tile)));
        if (own is not null || tile.Width == TileLayout.Width)
        {
            return own;
        }

        return ReadIfThere(FullPath(TileLayout.PathOf(tile with { Width = TileLayout.Width }))) is { } full ? Beginning(full, tile) : null;
    }

    /// <summary>Gives the hashes of a tile; <see langword="null"/> when it is missing or of another length.</summary>
    public byte[][]? ReadHashes(TileAddress tile) =>
        Read(tile) is { } bytes && bytes.Length == tile.Width * HashSizeBytes ? bytes.Chunk(HashSizeBytes).ToArray() : null;

    /// <summary>Gives the entries of a bundle; <see langword="null"/> when it is missing or holds another number of them.</summary>
    public ReadOnlyMemory<byte>[]? ReadEntries(TileAddress bundle) =>
        Read(bundle) is { } bytes && EntryBundle.Read(bytes) is { } entries && entries.Length == bundle.Width ? [.. entries] : null;

    /// <summary>Brings a tile to disk.</summary>
    public void Write(TileAddress tile, ReadOnlySpan<byte> content)
    {
        var path = FullPath(TileLayout.PathOf(tile));
        DurableFile.EnsureDirectory(Path.GetDirectoryName(path) ?? "/");
        DurableFile.Write(path, content);
    }

    /// <summary>Removes the partial forms of a tile whose full form is on disk.</summary>
    public void RemovePartials(TileAddress tile)
    {
        var folder = FullPath(TileLayout.PathOf(tile with { Width = TileLayout.Width })) + ".p";
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Gives the signed note; <see langword="null"/> when nothing was published.</summary>
    public string? ReadCheckpoint()
    {
        var path = FullPath(CheckpointName);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    public void WriteCheckpoint(string note) => DurableFile.Write(FullPath(CheckpointName), System.Text.Encoding.UTF8.GetBytes(note));

    /// <summary>Brings leaves of the receipt log to disk, behind the first ones; what stood there is replaced.</summary>
    public void WriteReceipts(long countBefore, IReadOnlyList<byte[]> leaves)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
        using var stream = new FileStream(FullPath(ReceiptsName), options);
        if (stream.Length < countBefore * HashSizeBytes)
        {
            throw new LogDamagedException("the leaves of the receipt log are cut off");
        }

        stream.Position = countBefore * HashSizeBytes;
        foreach (var leaf in leaves)
        {
            stream.Write(leaf);
        }

        stream.SetLength(stream.Position);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives the first leaves of the receipt log as they stand in the file; <see langword="null"/> when there are fewer.</summary>
    public byte[]? ReadReceiptBytes(long count)
    {
        var bytes = ReadIfThere(FullPath(ReceiptsName)) ?? [];
        return bytes.LongLength >= count * HashSizeBytes ? bytes[..(int)(count * HashSizeBytes)] : null;
    }

    /// <summary>Gives the first leaves of the receipt log; <see langword="null"/> when there are fewer.</summary>
    public byte[][]? ReadReceipts(long count)
    {
        return ReadReceiptBytes(count)?.Chunk(HashSizeBytes).ToArray();
    }

    public void EnsureDirectory() => DurableFile.EnsureDirectory(_directory);

    // A partial tile may go away between looking and reading while the log is written; its full form is there by then.
    private static byte[]? ReadIfThere(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static byte[]? Beginning(byte[] full, TileAddress tile)
    {
        if (tile.Level != TileLayout.EntriesLevel)
        {
            return full.Length >= tile.Width * HashSizeBytes ? full[..(tile.Width * HashSizeBytes)] : null;
        }

        return EntryBundle.Read(full) is { } entries && entries.Length >= tile.Width ? EntryBundle.Write(entries.Take(tile.Width)) : null;
    }

    private string FullPath(string path) => Path.Combine(_directory, path);
}
