using ClawPdp.Core.Log;

namespace ClawPdp.TransparencyLog.Storage;

/// <summary>Reads nodes of the tree from tiles. Not safe for concurrent use.</summary>
internal sealed class TileNodes
{
    private readonly LogFiles _files;
    private readonly long _size;
    private readonly Dictionary<TileAddress, byte[][]> _tiles = [];
    private readonly Dictionary<(int Level, long Index), byte[]> _nodes = [];

    /// <param name="files">The log's files.</param>
    /// <param name="size">The size of the tree; only nodes within it are read.</param>
    public TileNodes(LogFiles files, long size)
    {
        _files = files;
        _size = size;
    }

    /// <summary>Gives the hash of a full subtree.</summary>
    /// <exception cref="LogDamagedException">A tile is missing or of another length.</exception>
    public byte[] Read(int level, long index)
    {
        if (!_nodes.TryGetValue((level, index), out var node))
        {
            node = Compute(level, index);
            _nodes.Add((level, index), node);
        }

        return node;
    }

    /// <summary>Gives the hashes of a tile as wide as the tree has it.</summary>
    /// <exception cref="LogDamagedException">It is missing or of another length.</exception>
    public byte[][] Tile(int level, long index)
    {
        var width = (int)Math.Min(TileLayout.Width, TileLayout.CountAt(level, _size) - (index * TileLayout.Width));
        var address = new TileAddress(level, index, width);
        if (!_tiles.TryGetValue(address, out var hashes))
        {
            hashes = _files.ReadHashes(address) ?? throw new LogDamagedException($"the file `{TileLayout.PathOf(address)}` is missing or has another length");
            _tiles.Add(address, hashes);
        }

        return hashes;
    }

    private byte[] Compute(int level, long index)
    {
        var tileLevel = level / TileLayout.Height;
        var rise = level % TileLayout.Height;
        var first = index << rise;
        var hashes = Tile(tileLevel, first / TileLayout.Width);
        var offset = (int)(first % TileLayout.Width);
        return MerkleTree.RootOfHashes(hashes[offset..(offset + (1 << rise))]);
    }
}
