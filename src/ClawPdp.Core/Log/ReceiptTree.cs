using System.Collections.Immutable;
using System.Security.Cryptography;

namespace ClawPdp.Core.Log;

/// <summary>
/// The tree of the public receipt log, which is not that of RFC 6962: leaves are taken as they are, a node is the SHA-256 of its two
/// children, and an odd last node is paired with itself. Kept for verifiers that know nothing else; the log's own tree is the proof.
/// </summary>
public sealed class ReceiptTree
{
    private readonly ImmutableArray<ImmutableArray<byte[]>> _levels;

    /// <summary>Initializes a new instance of the <see cref="ReceiptTree"/> class.</summary>
    /// <param name="leaves">The payload hashes of the receipts, in order, 32 bytes each.</param>
    public ReceiptTree(IEnumerable<byte[]> leaves)
    {
        var level = leaves.ToImmutableArray();
        var levels = ImmutableArray.CreateBuilder<ImmutableArray<byte[]>>();
        levels.Add(level);
        while (level.Length > 1)
        {
            level = [.. Enumerable.Range(0, (level.Length + 1) / 2).Select(index => Parent(level, index))];
            levels.Add(level);
        }

        _levels = levels.ToImmutable();
    }

    /// <summary>Gets the number of leaves.</summary>
    public int Size => _levels[0].Length;

    /// <summary>Gets the root; of an empty tree the hash of nothing.</summary>
    public ReadOnlyMemory<byte> Root => Size == 0 ? SHA256.HashData([]) : _levels[^1][0];

    /// <summary>Gets the leaf at a place.</summary>
    public ReadOnlyMemory<byte> Leaf(int index) => _levels[0][index];

    /// <summary>Gives the siblings from a leaf to the root.</summary>
    public ImmutableArray<byte[]> PathOf(int index)
    {
        var path = ImmutableArray.CreateBuilder<byte[]>();
        foreach (var level in _levels.AsSpan()[..^1])
        {
            path.Add(level[Math.Min(index ^ 1, level.Length - 1)]);
            index >>= 1;
        }

        return path.ToImmutable();
    }

    /// <summary>Gives the length of every path in a tree of a size.</summary>
    public static int PathLengthOf(long size)
    {
        var length = 0;
        for (var count = size; count > 1; count = (count + 1) / 2)
        {
            length++;
        }

        return length;
    }

    /// <summary>Gives the root that a path leads to.</summary>
    public static byte[] Climb(ReadOnlySpan<byte> leaf, long index, ImmutableArray<byte[]> path)
    {
        var hash = leaf.ToArray();
        foreach (var sibling in path)
        {
            hash = (index & 1) == 0 ? Hash(hash, sibling) : Hash(sibling, hash);
            index >>= 1;
        }

        return hash;
    }

    private static byte[] Parent(ImmutableArray<byte[]> level, int index) =>
        Hash(level[2 * index], level[Math.Min((2 * index) + 1, level.Length - 1)]);

    private static byte[] Hash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([.. left, .. right]);
}
