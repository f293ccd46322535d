using ClawPdp.Core.Encoding;
using ClawPdp.Core.Log;

namespace ClawPdp.TransparencyLog.Storage;

/// <summary>The right edge of a log: the unfinished tile of each level, which is all that appending needs. Not safe for concurrent use.</summary>
internal sealed class LogEdge
{
    private readonly List<byte[]>[] _levels;
    private readonly List<ReadOnlyMemory<byte>> _entries;

    private LogEdge(long size, List<byte[]>[] levels, List<ReadOnlyMemory<byte>> entries)
    {
        Size = size;
        _levels = levels;
        _entries = entries;
    }

    /// <summary>Gets the number of entries.</summary>
    public long Size { get; private set; }

    /// <summary>Gets the tiles that became full and are not written yet, bundles of entries among them.</summary>
    public List<(TileAddress Address, byte[] Content)> Full { get; } = [];

    /// <summary>Reads the edge of a log of a size.</summary>
    /// <exception cref="LogDamagedException">A file is missing or has another length.</exception>
    public static LogEdge Read(LogFiles files, long size)
    {
        var nodes = new TileNodes(files, size);
        var levels = Enumerable.Range(0, TileLayout.LevelMax + 1).Select(level => ReadLevel(nodes, level, size)).ToArray();
        var rest = (int)(size % TileLayout.Width);
        var bundle = new TileAddress(TileLayout.EntriesLevel, size / TileLayout.Width, rest);
        var entries = rest == 0 ? [] : files.ReadEntries(bundle) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(bundle)}` is missing or has another length");
        return new LogEdge(size, levels, [.. entries]);
    }

    /// <summary>Gives an edge of its own to work on.</summary>
    public LogEdge Copy() => new(Size, [.. _levels.Select(static level => level.ToList())], [.. _entries]);

    /// <summary>Appends an entry.</summary>
    public void Append(ReadOnlyMemory<byte> entry)
    {
        _entries.Add(entry);
        if (_entries.Count == TileLayout.Width)
        {
            Full.Add((new TileAddress(TileLayout.EntriesLevel, Size / TileLayout.Width, TileLayout.Width), EntryBundle.Write(_entries)));
            _entries.Clear();
        }

        var hash = MerkleTree.LeafHash(entry.Span);
        Size++;
        for (var level = 0; level <= TileLayout.LevelMax; level++)
        {
            var hashes = _levels[level];
            hashes.Add(hash);
            if (hashes.Count < TileLayout.Width)
            {
                return;
            }

            Full.Add((new TileAddress(level, (TileLayout.CountAt(level, Size) / TileLayout.Width) - 1, TileLayout.Width), ContentOf(hashes)));
            hash = MerkleTree.RootOfHashes(hashes);
            hashes.Clear();
        }
    }

    /// <summary>Gives the unfinished tiles, the bundle of entries among them.</summary>
    public IEnumerable<(TileAddress Address, byte[] Content)> Partial()
    {
        if (_entries.Count > 0)
        {
            yield return (new TileAddress(TileLayout.EntriesLevel, Size / TileLayout.Width, _entries.Count), EntryBundle.Write(_entries));
        }

        for (var level = 0; level <= TileLayout.LevelMax; level++)
        {
            if (_levels[level].Count > 0)
            {
                yield return (new TileAddress(level, TileLayout.CountAt(level, Size) / TileLayout.Width, _levels[level].Count), ContentOf(_levels[level]));
            }
        }
    }

    /// <summary>Gives the root: every level's unfinished tile, with the root of what lies right of it below as its last element.</summary>
    public string RootHash()
    {
        byte[]? right = null;
        foreach (var level in _levels.Where(static hashes => hashes.Count > 0))
        {
            right = MerkleTree.RootOfHashes(right is null ? level : level.Append(right));
        }

        return Base64UrlText.Encode(right ?? MerkleTree.EmptyRoot());
    }

    private static List<byte[]> ReadLevel(TileNodes nodes, int level, long size)
    {
        var count = TileLayout.CountAt(level, size);
        return count % TileLayout.Width == 0 ? [] : [.. nodes.Tile(level, count / TileLayout.Width)];
    }

    private static byte[] ContentOf(List<byte[]> hashes) => [.. hashes.SelectMany(static hash => hash)];
}
