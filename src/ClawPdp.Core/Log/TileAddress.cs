namespace ClawPdp.Core.Log;

/// <summary>One tile of a log.</summary>
/// <param name="Level">The level of tiles, from 0; <see cref="TileLayout.EntriesLevel"/> for a bundle of entries.</param>
/// <param name="Index">The place in the level, from 0.</param>
/// <param name="Width">The hashes or entries in it: 1 to 256; fewer than 256 make it partial.</param>
public sealed record TileAddress(int Level, long Index, int Width);
