using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ClawPdp.Core.Log;

/// <summary>Where the tiles of a log are (C2SP tlog-tiles): which there are for a size, and how their files are called.</summary>
public static class TileLayout
{
    /// <summary>The hashes in a full tile, and the entries in a full bundle.</summary>
    public const int Width = 256;

    /// <summary>The levels of the tree in one level of tiles.</summary>
    public const int Height = 8;

    /// <summary>The level at which <see cref="PathOf"/> gives the bundles of entries.</summary>
    public const int EntriesLevel = -1;

    /// <summary>The highest level of tiles: 2^63 leaves.</summary>
    public const int LevelMax = 7;

    /// <summary>Gives the number of hashes at a level of tiles, or of entries, in a tree of a size.</summary>
    public static long CountAt(int level, long size) => level <= 0 ? size : size >> (Height * level);

    /// <summary>Gives the tiles of a level for a size, in order: full ones of width 256, and a partial last one where there is a rest.</summary>
    public static IEnumerable<TileAddress> TilesAt(int level, long size)
    {
        var count = CountAt(level, size);
        for (var index = 0L; index * Width < count; index++)
        {
            yield return new TileAddress(level, index, (int)Math.Min(Width, count - (index * Width)));
        }
    }

    /// <summary>Gives the levels that have any tile for a size, from 0.</summary>
    public static ImmutableArray<int> LevelsOf(long size) => [.. Enumerable.Range(0, LevelMax + 1).Where(level => CountAt(level, size) > 0)];

    /// <summary>Gives the path of a tile below the log's folder, such as <c>tile/0/x001/x234/067.p/12</c>.</summary>
    public static string PathOf(TileAddress tile)
    {
        var level = tile.Level == EntriesLevel ? "entries" : tile.Level.ToString(CultureInfo.InvariantCulture);
        var path = new StringBuilder(Group(tile.Index % 1000));
        for (var rest = tile.Index / 1000; rest > 0; rest /= 1000)
        {
            path.Insert(0, "x" + Group(rest % 1000) + "/");
        }

        path.Insert(0, $"tile/{level}/");
        return tile.Width == Width ? path.ToString() : string.Create(CultureInfo.InvariantCulture, $"{path}.p/{tile.Width}");
    }

    private static string Group(long number) => number.ToString("000", CultureInfo.InvariantCulture);
}
