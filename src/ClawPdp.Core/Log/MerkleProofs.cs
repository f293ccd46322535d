using System.Collections.Immutable;
using System.Numerics;

namespace ClawPdp.Core.Log;

/// <summary>Makes proofs (RFC 6962 sections 2.1.1 and 2.1.2) from stored nodes, and verifies them (RFC 9162 sections 2.1.3.2 and 2.1.4.2).</summary>
public static class MerkleProofs
{
    /// <summary>Gives the root of the first leaves.</summary>
    public static byte[] RootOf(long size, NodeReader read) => size == 0 ? MerkleTree.EmptyRoot() : RangeOf(0, size, read);

    /// <summary>Gives the path that proves a leaf to be in the tree of a size, leaf side first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The leaf is not in that tree.</exception>
    public static ImmutableArray<byte[]> Inclusion(long index, long size, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = ImmutableArray.CreateBuilder<byte[]>();
        var (begin, count) = (0L, size);
        while (count > 1)
        {
            var split = SplitOf(count);
            var isLeft = index - begin < split;
            path.Add(isLeft ? RangeOf(begin + split, count - split, read) : RangeOf(begin, split, read));
            (begin, count) = isLeft ? (begin, split) : (begin + split, count - split);
        }

        path.Reverse();
        return path.ToImmutable();
    }

    /// <summary>Gives the proof that the tree of one size begins the tree of another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The first is larger than the second, or negative.</exception>
    public static ImmutableArray<byte[]> Consistency(long first, long second, NodeReader read)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        if (first == 0 || first == second)
        {
            return [];
        }

        var proof = ImmutableArray.CreateBuilder<byte[]>();
        var (begin, count, isWhole) = (0L, second, true);
        while (first - begin != count)
        {
            var split = SplitOf(count);
            if (first - begin <= split)
            {
                proof.Add(RangeOf(begin + split, count - split, read));
                count = split;
            }
            else
            {
                proof.Add(RangeOf(begin, split, read));
                (begin, count, isWhole) = (begin + split, count - split, false);
            }
        }

        // The verifier knows the first root itself; any other subtree where the two trees agree has to be told.
        if (!isWhole)
        {
            proof.Add(RangeOf(begin, count, read));
        }

        proof.Reverse();
        return proof.ToImmutable();
    }

    /// <summary>Tells whether a path proves a leaf to be in the tree of a root.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, ImmutableArray<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leafHash.ToArray());
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleTree.NodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                hash = MerkleTree.NodeHash(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Tells whether a proof shows that the tree of one root begins the tree of another.</summary>
    public static bool VerifyConsistency(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, ImmutableArray<byte[]> proof)
    {
        if (first < 0 || first > second)
        {
            return false;
        }

        if (first == second || first == 0)
        {
            return proof.IsEmpty && (first != second || firstRoot.SequenceEqual(secondRoot));
        }

        // A first tree that is one full subtree is its own first node, which the proof leaves out.
        var nodes = BitOperations.IsPow2(first) ? proof.Insert(0, firstRoot.ToArray()) : proof;
        return !nodes.IsEmpty && Climb(first, firstRoot, second, secondRoot, nodes);
    }

    private static bool Climb(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, ImmutableArray<byte[]> nodes)
    {
        var (node, last) = (first - 1, second - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        var (left, right) = (nodes[0], nodes[0]);
        foreach (var sibling in nodes.AsSpan()[1..])
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                (left, right) = (MerkleTree.NodeHash(sibling, left), MerkleTree.NodeHash(sibling, right));
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                right = MerkleTree.NodeHash(right, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && firstRoot.SequenceEqual(left) && secondRoot.SequenceEqual(right);
    }

    // The largest power of two below the count.
    private static long SplitOf(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    // INVARIANT: begin is a multiple of the largest power of two that is not above the count, as the recursion of RFC 6962 keeps it.
    private static byte[] RangeOf(long begin, long count, NodeReader read)
    {
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2((ulong)count);
            return read(level, begin >> level);
        }

        var split = SplitOf(count);
        return MerkleTree.NodeHash(RangeOf(begin, split, read), RangeOf(begin + split, count - split, read));
    }
}
