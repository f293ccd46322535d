using System.Security.Cryptography;

namespace ClawPdp.Core.Log;

/// <summary>The hashes of the Merkle tree of RFC 6962 section 2.1, with SHA-256: 32 bytes each.</summary>
public static class MerkleTree
{
    /// <summary>Gives the root of an empty tree.</summary>
    public static byte[] EmptyRoot() => SHA256.HashData([]);

    /// <summary>Gives the hash of an entry as a leaf.</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> entry) => SHA256.HashData([0, .. entry]);

    /// <summary>Gives the hash of an inner node.</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>Gives the root over entries, each hashed as a leaf.</summary>
    public static byte[] RootOf(IEnumerable<ReadOnlyMemory<byte>> entries) => RootOfHashes(entries.Select(static entry => LeafHash(entry.Span)));

    /// <summary>Gives the root over the hashes of leaves, or of equally tall full subtrees.</summary>
    public static byte[] RootOfHashes(IEnumerable<byte[]> hashes)
    {
        // Full subtrees, the oldest and largest at the bottom: a hash completes as many as its number has trailing ones.
        var subtrees = new Stack<byte[]>();
        var count = 0L;
        foreach (var leaf in hashes)
        {
            var hash = leaf;
            for (var bits = count; (bits & 1) == 1; bits >>= 1)
            {
                hash = NodeHash(subtrees.Pop(), hash);
            }

            subtrees.Push(hash);
            count++;
        }

        if (!subtrees.TryPop(out var root))
        {
            return EmptyRoot();
        }

        while (subtrees.TryPop(out var left))
        {
            root = NodeHash(left, root);
        }

        return root;
    }
}
